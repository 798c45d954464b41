using SsmTools.ApiGenerator;
using SsmTools.ApiGenerator.Emit;
using SsmTools.ApiGenerator.Model;

if (args.Length != 3)
{
    Console.Error.WriteLine("Usage: SsmTools.ApiGenerator <models> <list of operations> <folder for the code>");
    return 2;
}

(string models, string list, string output) = (args[0], args[1], args[2]);
try
{
    Directory.CreateDirectory(output);
    foreach ((string key, IReadOnlyList<string> operations) in OperationList.Parse(File.ReadAllText(list)))
    {
        ServiceModel model = ModelReader.Read(
            key,
            File.ReadAllText(Path.Combine(models, key + ".json")),
            File.ReadAllText(Path.Combine(models, key + ".paginators.json")));
        string path = Path.Combine(output, model.Name + ".g.cs");
        string code = ServiceEmitter.Emit(model, operations);

        // An unchanged file keeps its time, so that nothing is compiled again for it.
        if (!File.Exists(path) || File.ReadAllText(path) != code)
        {
            File.WriteAllText(path, code);
        }
    }

    return 0;
}
catch (Exception e) when (e is InvalidDataException or IOException)
{
    // The form that MSBuild shows as an error of the build.
    Console.Error.WriteLine($"{list}: error SSM0001: {e.Message}");
    return 1;
}
