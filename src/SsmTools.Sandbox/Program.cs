using SsmTools.Sandbox.Serve;

return args switch
{
    ["serve", .. string[] rest] => await ServeProgram.RunAsync(rest, CancellationToken.None).ConfigureAwait(false),
    ["--help" or "-h" or "help"] => Usage.Show(Console.Out, 0),
    _ => Usage.Show(Console.Error, 2),
};
