using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A test against moto, an independent emulator of IAM and EC2; it needs moto_server.</summary>
public sealed class MotoFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is no moto.</summary>
    public MotoFactAttribute()
    {
        if (MotoServer.Find() is null)
        {
            Skip = "moto_server is not on the PATH, and SSMTOOLS_MOTO does not name it.";
        }
    }
}
