using SsmTools.Sandbox.Serve;
using SsmTools.Sandbox.Tour;

return args switch
{
    ["serve", .. string[] rest] => await ServeProgram.RunAsync(rest, CancellationToken.None).ConfigureAwait(false),
    ["tour", .. string[] rest] => await TourProgram.MainAsync(rest).ConfigureAwait(false),
    ["--help" or "-h" or "help"] => Usage.Show(Console.Out, 0),
    _ => Usage.Show(Console.Error, 2),
};
