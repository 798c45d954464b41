using SsmTools.ApiGenerator;
using Xunit;

namespace SsmTools.Tests.ApiGenerator;

public sealed class OperationListTests
{
    [Fact]
    public void Lines_are_gathered_by_service_and_sorted()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> list =
            OperationList.Parse("# head\r\n\nssm  B # why\niam A\nssm\tA\nssm B\n");

        Assert.Equal(["A", "B"], list["ssm"]);
        Assert.Equal(["A"], list["iam"]);
        Assert.Equal(2, list.Count);
    }

    [Theory]
    [InlineData("ssm")]
    [InlineData("ssm A B")]
    public void A_line_of_another_form_is_refused(string line)
    {
        Assert.Throws<InvalidDataException>(() => OperationList.Parse(line));
    }
}
