namespace SsmTools.Sandbox.Http;

/// <summary>Cancels at the end of a time span, by whichever clock, or when another token does.</summary>
internal sealed class LinkedDeadline : CancellationTokenSource
{
    private readonly CancellationTokenRegistration _registration;

    public LinkedDeadline(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
        : base(limit, timeProvider)
    {
        _registration = cancellationToken.UnsafeRegister(static self => ((LinkedDeadline)self!).Cancel(), this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _registration.Dispose();
        }

        base.Dispose(disposing);
    }
}
