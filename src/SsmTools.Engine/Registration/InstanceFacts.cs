using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Registration;

/// <summary>
/// What EC2 knows of a window of nodes. A caller may be denied that; then nothing is known, and nothing fails.
/// </summary>
internal sealed class InstanceFacts
{
    private readonly AwsContext _context;
    private bool _denied;

    /// <summary>Nothing is read yet.</summary>
    public InstanceFacts(AwsContext context) => _context = context;

    /// <summary>Whether the caller may not ask EC2.</summary>
    public bool Denied => _denied;

    /// <summary>Asks about the EC2 instances among the ids: one call for up to a thousand, unless one is unknown.</summary>
    /// <returns>Those that EC2 knows.</returns>
    public async Task<IReadOnlyDictionary<string, Instance>> ReadAsync(
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken)
    {
        List<string> instances = [.. ids.Where(NodeIds.IsInstance)];
        if (_denied || instances.Count == 0)
        {
            return new Dictionary<string, Instance>();
        }

        Dictionary<string, Instance> found = [];
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            DescribeInstancesRequest request = new() { InstanceIds = instances };
            await foreach (Instance instance in
                InstanceReader.StreamAsync(_context, request, cancellationToken).ConfigureAwait(false))
            {
                found[instance.InstanceId!] = instance;
            }

            return found;
        }
        catch (Exception exception) when (AwsErrors.HasCode(exception, ServiceCodes.NoSuchInstance))
        {
            // One unknown id fails the call for all; a filter takes them, two hundred at a time.
            return await InstanceReader.FindAsync(_context, instances, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (AwsErrors.HasCode(exception, ServiceCodes.Denied))
        {
            _denied = true;
            return new Dictionary<string, Instance>();
        }
        catch (Exception exception) when (exception is not EngineException)
        {
            throw ServiceCall.Outward(exception, null, cancellationToken);
        }
    }
}
