namespace SsmTools.Engine.Protocol;

/// <summary>Why a frame is not a message. The rules are those of both references, checked before anything is read.</summary>
internal enum FrameError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Shorter than the shortest header and its length field, 116 bytes.</summary>
    TooShort,

    /// <summary>HeaderLength below 112, or pointing behind the end of the frame.</summary>
    HeaderLength,

    /// <summary>MessageType is empty.</summary>
    MessageType,

    /// <summary>CreatedDate is 0.</summary>
    CreatedDate,

    /// <summary>PayloadLength is not the number of bytes that follow.</summary>
    PayloadLength,

    /// <summary>PayloadDigest is not the SHA-256 of the payload.</summary>
    PayloadDigest,

    /// <summary>A stream data message with a negative sequence number.</summary>
    SequenceNumber,

    /// <summary>The payload is not the JSON that the type of the message calls for.</summary>
    Payload,
}

/// <summary>Words for <see cref="FrameError"/>.</summary>
internal static class FrameErrorText
{
    /// <summary>The rule that was broken, as the end of a sentence that begins with "The frame".</summary>
    public static string Describe(this FrameError error) => error switch
    {
        FrameError.None => "is a message",
        FrameError.TooShort => "is shorter than a header",
        FrameError.HeaderLength => "has a HeaderLength below 112 or beyond its end",
        FrameError.MessageType => "has no MessageType",
        FrameError.CreatedDate => "has no CreatedDate",
        FrameError.PayloadLength => "has a PayloadLength other than the size of its payload",
        FrameError.PayloadDigest => "has a PayloadDigest that is not its payload's",
        FrameError.SequenceNumber => "has a negative SequenceNumber",
        FrameError.Payload => "has a payload that its type does not allow",
        _ => "is no message",
    };
}
