using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace SsmTools;

/// <summary>
/// Holds the engine and the packages it needs, apart from what other modules load: AWS Tools for PowerShell brings an
/// AWSSDK.Core of its own, and only one of a name fits into PowerShell's default context.
/// </summary>
internal sealed class EngineLoadContext : AssemblyLoadContext
{
    private readonly string _folder;

    private EngineLoadContext(string folder)
        : base("SsmTools")
    {
        _folder = folder;
    }

    internal static EngineLoadContext BesideModule() =>
        new(Path.Combine(Path.GetDirectoryName(typeof(EngineLoadContext).Assembly.Location)!, "lib"));

    /// <summary>Loads one of our own assemblies for the cmdlets; null when there is none of that name.</summary>
    internal Assembly? LoadOwn(AssemblyName name) => Load(name);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
