using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Protocol;

/// <summary>A small piece of the benchmark <c>fuzz</c>, which feeds millions.</summary>
public sealed class ProtocolFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public void Fuzzed_frames_never_make_a_parser_or_a_channel_throw(int seed)
    {
        ChannelFuzzer fuzzer = new(seed);

        fuzzer.Run(10_000);

        // The frames are bad, but not so bad that nothing behind the codec is reached.
        Assert.InRange(fuzzer.Believed, 5_000, 9_500);
        Assert.InRange(fuzzer.Delivered, 50, 9_000);
        Assert.InRange(fuzzer.Decrypted, 50, 9_000);
        Assert.InRange(fuzzer.Ended, 10, 1_000);
    }
}
