using System.Globalization;
using SsmTools.Engine;

namespace SsmTools.Sandbox.Faults;

/// <summary>
/// Reads faults: <c>name[=value][:option]…[@place]</c>, in any order behind the name. A value is a rate (<c>1%</c>) or what
/// the fault takes (<c>delay=200ms</c>, <c>close=1000</c>). Options are a rate, <c>up</c> or <c>down</c>, <c>client</c> or
/// <c>agent</c>, <c>x3</c> for three times at most, and the id of a node or session, or an operation or service. The place
/// is a byte of the stream (<c>@65536</c>, <c>@64KB</c>) or the age of a link (<c>@10s</c>).
/// </summary>
internal static class FaultParser
{
    private static readonly TimeSpan s_defaultPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads one.</summary>
    /// <exception cref="EngineException">FaultNotUnderstood.</exception>
    public static Fault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.AsSpan().IndexOfAny('=', ':', '@');
        string name = (end < 0 ? text : text[..end]).Trim();
        FaultSpec spec = FaultCatalog.Find(name) ?? throw Refuse(
            text, $"There is no fault '{name}'.", $"Name one of {string.Join(", ", FaultCatalog.All.Select(one => one.Name))}.");
        Fault fault = new()
        {
            Text = text,
            Spec = spec,
            Amount = s_defaultPause,
            Direction = spec.Kind == FaultKind.SlowAgent ? FaultDirection.Up : null,
        };
        while (end >= 0)
        {
            char mark = text[end];
            int start = end + 1;
            int length = text.AsSpan(start).IndexOfAny('=', ':', '@');
            string part = (length < 0 ? text[start..] : text.Substring(start, length)).Trim();
            end = length < 0 ? -1 : start + length;
            fault = (mark == '@' ? Place(fault, part) : null)
                ?? (mark == '=' ? Value(fault, part) : null)
                ?? (mark == ':' ? Option(fault, part) : null)
                ?? throw Refuse(text, $"The fault '{text}' does not take '{mark}{part}'.", Advice(spec));
        }

        return fault;
    }

    private static Fault? Place(Fault fault, string part)
    {
        if (fault.Spec.Area is not (FaultArea.Messages or FaultArea.Links))
        {
            return null;
        }

        return TryReadDuration(part, out TimeSpan time) ? fault with { AtTime = time }
            : TryReadBytes(part, out long place) ? fault with { AtByte = place }
            : null;
    }

    private static Fault? Value(Fault fault, string part)
    {
        if (Rate(fault, part) is { } rated)
        {
            return rated;
        }

        bool isNumber = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return fault.Kind switch
        {
            FaultKind.Delay or FaultKind.SlowAgent or FaultKind.ApiDelay when TryReadDuration(part, out TimeSpan amount) =>
                fault with { Amount = amount },
            FaultKind.Close when isNumber && MayBeSent(number) => fault with { Code = number },
            FaultKind.ServerError when isNumber && number is >= 500 and <= 599 => fault with { Code = number },
            FaultKind.RefusedResume when Is(part, "DoesNotExist") => fault with { DoesNotExist = true },
            FaultKind.RefusedResume when Is(part, "NoToken") => fault with { DoesNotExist = false },
            _ => null,
        };
    }

    private static Fault? Option(Fault fault, string part)
    {
        if (Rate(fault, part) is { } rated)
        {
            return rated;
        }

        bool isOfSessions = fault.Spec.Area != FaultArea.Calls;
        return part switch
        {
            ['x' or 'X', .. string count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) &&
                limit > 0 => fault with { Limit = limit },
            _ when Is(part, "up") && fault.Spec.Area == FaultArea.Messages => fault with { Direction = FaultDirection.Up },
            _ when Is(part, "down") && fault.Spec.Area == FaultArea.Messages && fault.Kind != FaultKind.SlowAgent =>
                fault with { Direction = FaultDirection.Down },
            _ when Is(part, "client") && fault.Spec.Area == FaultArea.Links => fault with { Side = FaultSide.Client },
            _ when Is(part, "agent") && fault.Spec.Area == FaultArea.Links => fault with { Side = FaultSide.Agent },
            _ when isOfSessions && part.Contains('-', StringComparison.Ordinal) => fault with { Scope = part },
            _ when !isOfSessions && part.Length > 0 && part.All(char.IsAsciiLetterOrDigit) => fault with { Scope = part },
            _ => null,
        };
    }

    private static Fault? Rate(Fault fault, string part) =>
        part is [.. string number, '%'] &&
        double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is >= 0 and <= 100
            ? fault with { Rate = percent / 100 }
            : null;

    /// <summary>1004 to 1006 and 1015 stand for what never is in a close frame (RFC 6455, 7.4).</summary>
    private static bool MayBeSent(int code) =>
        code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    private static bool TryReadDuration(string text, out TimeSpan duration)
    {
        (string unit, double milliseconds) = text switch
        {
            [.., 'm', 's'] => ("ms", 1),
            [.., 's'] => ("s", 1000),
            [.., 'm'] => ("m", 60_000),
            _ => ("", 0),
        };
        bool isDuration = double.TryParse(
            text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) &&
            unit.Length > 0 && number * milliseconds < TimeSpan.FromDays(1).TotalMilliseconds;
        duration = isDuration ? TimeSpan.FromMilliseconds(number * milliseconds) : default;
        return isDuration;
    }

    private static bool TryReadBytes(string text, out long bytes)
    {
        (int letters, long factor) = text.ToUpperInvariant() switch
        {
            [.., 'K', 'B'] => (2, 1L << 10),
            [.., 'M', 'B'] => (2, 1L << 20),
            [.., 'G', 'B'] => (2, 1L << 30),
            _ => (0, 1L),
        };
        bool isCount = long.TryParse(
            text.AsSpan(0, text.Length - letters), NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= long.MaxValue / factor;
        bytes *= isCount ? factor : 0;
        return isCount;
    }

    private static bool Is(string part, string word) => part.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static string Advice(FaultSpec spec)
    {
        string value = spec.Value is null ? "a rate such as =1%" : $"a rate such as =1%, or {spec.Value} behind the equals sign";
        string options = spec.Area switch
        {
            FaultArea.Messages => spec.Kind == FaultKind.SlowAgent ? "" : ", :up or :down",
            FaultArea.Links => ", :client or :agent",
            _ => "",
        };
        string place = spec.Area is FaultArea.Messages or FaultArea.Links ? ", @65536 for a byte, @10s for the age of a link" : "";
        string scope = spec.Area == FaultArea.Calls ? ":StartSession or :ssm" : ":i-… for one node";
        return $"{spec.Name} takes {value}{options}{place}, {scope}, and :x3 for three times at most.";
    }

    private static EngineException Refuse(string text, string message, string recommendation) =>
        new("FaultNotUnderstood", ErrorKind.InvalidArgument, message, recommendation, text);
}
