namespace SsmTools.Sandbox.Serve;

/// <summary>What the program says about itself.</summary>
internal static class Usage
{
    private const string Text = """
        The sandbox: an AWS of its own on this computer, for Session Manager without an account.

        usage: dotnet run --project src/SsmTools.Sandbox -- <command>

          serve                     run the sandbox until Ctrl-C
            --port N                on that port of 127.0.0.1 (default: any free one)
            --tls-port N            and by TLS on that one (0, or a file alone: any free one)
            --ca-file F             put the certificate that its clients must trust there, in PEM
            --json                  say what a client needs as one line of JSON
            --until-stdin-closes    end with standard input, too
            --fault F               have something go wrong, for example drop=1%, close@10s, delay=200ms:5%,
                                    throttle=10% (may be given more than once)
            --seed N                another seed, and other messages suffer (default: 0)
          tour                      walk the whole journey on a sandbox, and show each step
        """;

    /// <summary>Shows it.</summary>
    /// <returns>The exit code, passed through.</returns>
    public static int Show(TextWriter writer, int exitCode)
    {
        writer.WriteLine(Text);
        return exitCode;
    }
}
