using SsmTools.Sandbox.Http;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Tests.Provisioning;

/// <summary>
/// What goes wrong with an account's calls, decided by a seed: throttling, internal errors before the work and after it,
/// answers that are lost when the work is done, answers that know nothing yet of what was just made, and the death of the
/// caller at some calls. It is over after a number of calls, as troubles are.
/// </summary>
internal sealed class FaultSchedule
{
    private readonly Random _random;
    private readonly int _end;
    private readonly HashSet<int> _kills = [];
    private readonly List<string> _log = [];
    private CancellationTokenSource _life = new();
    private int _call;
    private int _sinceCreation = 1000;
    private int _stale;

    /// <summary>Makes the schedule of a seed.</summary>
    public FaultSchedule(int seed)
    {
        _random = new Random(seed);
        _end = _random.Next(20, 240);
        for (int kills = _random.Next(0, 5); kills > 0; kills--)
        {
            _kills.Add(_random.Next(1, _end));
        }
    }

    private FaultSchedule()
    {
        _random = new Random(0);
    }

    /// <summary>Nothing goes wrong.</summary>
    public static FaultSchedule None => new();

    /// <summary>How many calls there were.</summary>
    public int Calls => _call;

    /// <summary>How many faults there were.</summary>
    public int Faults { get; private set; }

    /// <summary>How often the caller died.</summary>
    public int Deaths { get; private set; }

    /// <summary>How many calls that change something there were while it was quiet.</summary>
    public int QuietChanges { get; private set; }

    /// <summary>The calls that change something, and what happened to all that did not go well: for messages.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Whether nothing goes wrong for now, and calls do not count.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>Fires when the caller dies.</summary>
    public CancellationToken Life => _life.Token;

    /// <summary>Another caller, after the last has died.</summary>
    public void Revive()
    {
        _life.Dispose();
        _life = new CancellationTokenSource();
    }

    /// <summary>Carries a call to the service and its answer back, or not.</summary>
    public async Task<HttpResponse> CarryAsync(
        string operation,
        WireProtocol protocol,
        Func<Task<HttpResponse>> serve,
        CancellationToken cancellationToken)
    {
        bool reads = operation.StartsWith("Get", StringComparison.Ordinal)
            || operation.StartsWith("List", StringComparison.Ordinal)
            || operation.StartsWith("Describe", StringComparison.Ordinal);
        if (IsQuiet)
        {
            QuietChanges += reads ? 0 : 1;
            _sinceCreation = 1000;
            return await serve();
        }

        int call = ++_call;
        bool isKill = _kills.Contains(call);
        int dice = call < _end ? _random.Next(100) : 100;
        if (isKill)
        {
            // Half of the time the work is done all the same.
            bool done = _random.Next(2) == 0;
            if (done)
            {
                await serve();
            }

            Note(call, operation, done ? "killed after" : "killed before");
            Deaths++;
            await _life.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (dice < 6)
        {
            Note(call, operation, "throttled");
            return Error(protocol, protocol == WireProtocol.Ec2 ? "RequestLimitExceeded" : "Throttling", protocol == WireProtocol.Ec2 ? 503 : 400);
        }

        if (dice < 12)
        {
            Note(call, operation, "500 before");
            return Error(protocol, protocol == WireProtocol.Json ? "InternalServerError" : "InternalFailure", 500);
        }

        if (reads && IsStale(operation) && dice < 100 && _random.Next(100) < 40 && Unaware(operation) is { } unaware)
        {
            _stale++;
            Note(call, operation, "stale");
            return unaware;
        }

        HttpResponse answer = await serve();
        if (!reads)
        {
            _log.Add($"{call} {operation} {answer.Status}");
        }

        bool creates = operation is "CreateRole" or "CreateInstanceProfile" or "RunInstances";
        _sinceCreation = creates ? 0 : Math.Min(_sinceCreation, 1000) + 1;

        if (dice < 17)
        {
            Note(call, operation, "500 after");
            return Error(protocol, protocol == WireProtocol.Json ? "InternalServerError" : "InternalFailure", 500);
        }

        if (dice < 22)
        {
            Note(call, operation, "answer lost");
            throw new HttpRequestException("The connection was closed.", new IOException("reset"));
        }

        return answer;
    }

    // What has just been made is unknown for some looks at most.
    private bool IsStale(string operation) =>
        operation is "DescribeInstances" or "GetInstanceProfile" or "GetRole" && _sinceCreation < 3 && _stale < 6;

    private static HttpResponse? Unaware(string operation) => operation switch
    {
        "DescribeInstances" => HttpResponse.Text(
            200,
            "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>1</requestId>"
                + "<reservationSet/></DescribeInstancesResponse>",
            "text/xml"),
        "GetInstanceProfile" or "GetRole" => Error(WireProtocol.Query, "NoSuchEntity", 404),
        _ => null,
    };

    private static HttpResponse Error(WireProtocol protocol, string code, int status) => protocol switch
    {
        WireProtocol.Json or WireProtocol.RestJson => HttpResponse.Text(
            status, $$"""{"__type":"{{(code == "Throttling" ? "ThrottlingException" : code)}}","message":"as scheduled"}""", "application/x-amz-json-1.1"),
        WireProtocol.Ec2 => HttpResponse.Text(
            status,
            $"<Response><Errors><Error><Code>{code}</Code><Message>as scheduled</Message></Error></Errors><RequestID>1</RequestID></Response>",
            "text/xml"),
        _ => HttpResponse.Text(
            status,
            $"<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>{code}</Code>"
                + "<Message>as scheduled</Message></Error><RequestId>1</RequestId></ErrorResponse>",
            "text/xml"),
    };

    private void Note(int call, string operation, string what)
    {
        Faults++;
        _log.Add($"{call} {operation} {what}");
    }
}
