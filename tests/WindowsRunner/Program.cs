using Xunit.Runners;

namespace SsmTools.WindowsRunner;

/// <summary>
/// Runs the tests of a category in this process. The last line is "N passed, N failed, N skipped"; what runs the program
/// reads it, because an exit code may come from something else, too.
/// </summary>
internal static class Program
{
    private const string Category = "Windows";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public static int Main(string[] args)
    {
        using TextWriter output = args.Length > 0 ? new StreamWriter(args[0]) { AutoFlush = true } : TextWriter.Synchronized(Console.Out);
        using ManualResetEventSlim done = new();
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        AssemblyRunner runner = AssemblyRunner.WithoutAppDomain(typeof(Tests.Support.WindowsConsoleFactAttribute).Assembly.Location);
        void Write(string text)
        {
            lock (output)
            {
                output.WriteLine(text);
            }
        }

        runner.TestCaseFilter = test => test.Traits.TryGetValue("Category", out List<string>? names) && names.Contains(Category);
        runner.OnTestPassed = _ => Interlocked.Increment(ref passed);
        runner.OnTestSkipped = test =>
        {
            Interlocked.Increment(ref skipped);
            Write($"Skipped {test.TestDisplayName}: {test.SkipReason}");
        };
        runner.OnTestFailed = test =>
        {
            Interlocked.Increment(ref failed);
            Write($"Failed {test.TestDisplayName}\n{test.ExceptionType}: {test.ExceptionMessage}\n{test.ExceptionStackTrace}");
        };
        runner.OnErrorMessage = error =>
        {
            Interlocked.Increment(ref failed);
            Write($"Error {error.ExceptionType}: {error.ExceptionMessage}\n{error.ExceptionStackTrace}");
        };
        runner.OnExecutionComplete = _ => done.Set();
        runner.Start();
        if (!done.Wait(s_limit))
        {
            Write($"The tests did not end within {s_limit}.");
            failed++;
        }

        Write($"{passed} passed, {failed} failed, {skipped} skipped");
        output.Flush();

        // What a test that hung holds would keep this program from ending by itself.
        Environment.Exit(failed == 0 && passed > 0 ? 0 : 1);
        return 0;
    }
}
