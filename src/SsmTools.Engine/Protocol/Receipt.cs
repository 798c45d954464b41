namespace SsmTools.Engine.Protocol;

/// <summary>What an acknowledgement says: which message has come.</summary>
/// <param name="MessageType">Its name.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="SequenceNumber">Its number.</param>
internal readonly record struct Receipt(string MessageType, Guid MessageId, long SequenceNumber);
