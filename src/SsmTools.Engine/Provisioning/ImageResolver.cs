using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;

namespace SsmTools.Engine.Provisioning;

/// <summary>From what a user calls an image to an image that fits the instance type.</summary>
internal sealed class ImageResolver(AwsContext context)
{
    /// <summary>Whether this is an image's own id rather than a short name.</summary>
    public static bool IsId(string image) => image.StartsWith("ami-", StringComparison.Ordinal);

    /// <summary>Checks what can be checked without a call.</summary>
    /// <exception cref="EngineException">ImageUnknown.</exception>
    public static void Check(string image)
    {
        if (!IsId(image) && ImageCatalog.Find(image) is null)
        {
            throw new EngineException(
                "ImageUnknown",
                ErrorKind.InvalidArgument,
                $"'{image}' is neither an image id nor the short name of an image.",
                $"Use an id (ami-…) or one of {string.Join(", ", ImageCatalog.Names)}.",
                image);
        }
    }

    /// <summary>Finds the image.</summary>
    /// <exception cref="EngineException">
    /// ImageNotFound, ImageArchitectureMismatch, or what the service refused.
    /// </exception>
    public Task<ResolvedImage> ResolveAsync(
        string image,
        string instanceType,
        string architecture,
        CancellationToken cancellationToken) => ImageCatalog.Find(image) is { } family
            ? FromCatalogAsync(family, instanceType, architecture, cancellationToken)
            : FromIdAsync(image, instanceType, architecture, cancellationToken);

    private async Task<ResolvedImage> FromCatalogAsync(
        ImageFamily family,
        string instanceType,
        string architecture,
        CancellationToken cancellationToken)
    {
        string name = family.Parameter(architecture)
            ?? throw Mismatch(family.Name, Architectures.X64, instanceType, architecture);
        GetParameterResponse? response = await ServiceCall.TryAsync(
            token => context.Ssm.GetParameterAsync(new GetParameterRequest { Name = name }, token),
            family.Name,
            ["ParameterNotFound"],
            cancellationToken).ConfigureAwait(false);
        return response?.Parameter?.Value is { } id
            ? new ResolvedImage(id, !family.HasAgent)
            : throw NotFound(
                family.Name,
                $"Image {family.Name} has no {architecture} version in {context.Region}: there is no parameter {name}.");
    }

    private async Task<ResolvedImage> FromIdAsync(
        string id,
        string instanceType,
        string architecture,
        CancellationToken cancellationToken)
    {
        DescribeImagesResponse? response = await ServiceCall.TryAsync(
            token => context.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [id] }, token),
            id,
            ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"],
            cancellationToken).ConfigureAwait(false);
        Image image = response?.Images.FirstOrDefault()
            ?? throw NotFound(id, $"There is no image {id} in {context.Region} that you may use.");
        if (image.Architecture is { } has && has != architecture)
        {
            throw Mismatch(id, has, instanceType, architecture);
        }

        // Debian's own names: debian-12-amd64-20250101-1234.
        return new ResolvedImage(id, image.Name?.StartsWith("debian-", StringComparison.Ordinal) == true);
    }

    private static EngineException NotFound(string image, string message) => new(
        "ImageNotFound",
        ErrorKind.ObjectNotFound,
        message,
        $"Image ids differ from region to region: check the region, or use one of {string.Join(", ", ImageCatalog.Names)}.",
        image);

    private static EngineException Mismatch(string image, string has, string instanceType, string architecture) => new(
        "ImageArchitectureMismatch",
        ErrorKind.InvalidArgument,
        $"Image {image} is for {has}, but instance type {instanceType} has an {architecture} processor.",
        has == Architectures.Arm64
            ? "Choose a Graviton instance type such as t4g.nano, or another image."
            : "Choose an Intel or AMD instance type such as t3.nano, or another image.",
        image);
}
