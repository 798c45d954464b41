using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Survey;

/// <summary>What EC2 knows of machines beyond their description. Only images are kept: the rest belongs to one window of nodes.</summary>
internal sealed class MachineSurvey
{
    /// <summary>How many machines are asked for one by one, in all: their console, and their user data.</summary>
    public const int SingleCalls = 20;

    private const int StatusIds = 100;

    private readonly AwsContext _context;
    private readonly Asker _asker;
    private readonly Shelf<Image> _images;
    private int _consoles;
    private int _userData;

    /// <summary>Nothing is read yet.</summary>
    public MachineSurvey(AwsContext context, Asker asker)
    {
        _context = context;
        _asker = asker;
        _images = new Shelf<Image>(InstanceReader.FilterValues, ReadImagesAsync);
    }

    /// <summary>Reads the images that were not read before.</summary>
    public Task ReadImagesAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken) =>
        _images.FillAsync(instances.Select(instance => instance.ImageId), cancellationToken);

    /// <summary>An image that was asked for; null where it is gone, or somebody else's and no longer shared.</summary>
    public Reading<Image> Image(string? id) => _images.Get(id);

    /// <summary>EC2's own checks of running instances, a hundred a call.</summary>
    public Shelf<InstanceStatus> NewStatuses() => new(StatusIds, async (ids, cancellationToken) => NetworkQueries.ById(
        await _asker.ListAsync(
            "ec2:DescribeInstanceStatus",
            token => _context.Ec2.DescribeInstanceStatusItemsAsync(new DescribeInstanceStatusRequest { InstanceIds = [.. ids] }, token),
            cancellationToken).ConfigureAwait(false),
        status => status.InstanceId!));

    /// <summary>How profiles are attached, two hundred instances a call.</summary>
    public Shelf<IamInstanceProfileAssociation> NewAssociations() => new(InstanceReader.FilterValues, async (ids, cancellationToken) =>
        NetworkQueries.ById(
            await _asker.ListAsync(
                "ec2:DescribeIamInstanceProfileAssociations",
                token => _context.Ec2.DescribeIamInstanceProfileAssociationsItemsAsync(
                    new DescribeIamInstanceProfileAssociationsRequest { Filters = NetworkQueries.By("instance-id", ids) }, token),
                cancellationToken).ConfigureAwait(false),
            association => association.InstanceId!));

    /// <summary>An instance's user data, plain; an obstacle for all but the first few that are asked for.</summary>
    public async Task<Reading<string>> ReadUserDataAsync(string id, CancellationToken cancellationToken)
    {
        if (_userData++ >= SingleCalls)
        {
            return new Obstacle("ec2:DescribeInstanceAttribute", $"was called for the first {SingleCalls} nodes only");
        }

        return await _asker.AskAsync<string>(
            "ec2:DescribeInstanceAttribute",
            async token => Decode((await _context.Ec2.DescribeInstanceAttributeAsync(
                new DescribeInstanceAttributeRequest { InstanceId = id, Attribute = InstanceAttributeName.UserData }, token)
                .ConfigureAwait(false)).UserData?.Value),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What an instance wrote to its console; an obstacle for all but the first few that are asked for.</summary>
    public async Task<Reading<string>> ReadConsoleAsync(string id, CancellationToken cancellationToken)
    {
        if (_consoles++ >= SingleCalls)
        {
            return new Obstacle("ec2:GetConsoleOutput", $"was called for the first {SingleCalls} nodes only");
        }

        return await _asker.AskAsync<string>(
            "ec2:GetConsoleOutput",
            async token => Decode((await _context.Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = id }, token)
                .ConfigureAwait(false)).Output),
            cancellationToken).ConfigureAwait(false);
    }

    // EC2 sends both in base64.
    private static string Decode(string? text)
    {
        byte[] bytes = new byte[text?.Length ?? 0];
        return text is not null && Convert.TryFromBase64String(text, bytes, out int length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : text ?? string.Empty;
    }

    private async Task<Reading<IReadOnlyDictionary<string, Image>>> ReadImagesAsync(
        string[] ids, CancellationToken cancellationToken) => NetworkQueries.ById(
            await _asker.ListAsync(
                "ec2:DescribeImages",
                token => _context.Ec2.DescribeImagesItemsAsync(
                    new DescribeImagesRequest { Filters = NetworkQueries.By("image-id", ids), IncludeDeprecated = true }, token),
                cancellationToken).ConfigureAwait(false),
            image => image.ImageId!);
}
