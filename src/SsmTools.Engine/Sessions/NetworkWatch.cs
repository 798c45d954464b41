using System.Net.NetworkInformation;

namespace SsmTools.Engine.Sessions;

/// <summary>Tells when this computer's network addresses change: after a nap, with a VPN, from one network to another.</summary>
internal static class NetworkWatch
{
    /// <summary>Completes at the next change.</summary>
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        NetworkAddressChangedEventHandler onChanged = (_, _) => changed.TrySetResult();
        NetworkChange.NetworkAddressChanged += onChanged;
        try
        {
            await changed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= onChanged;
        }
    }
}
