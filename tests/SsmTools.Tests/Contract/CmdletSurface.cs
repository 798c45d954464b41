using System.Reflection;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Contract;

/// <summary>The cmdlets as the built module has them, read from its metadata: neither PowerShell nor the module runs.</summary>
public sealed class CmdletSurface : IDisposable
{
    private readonly MetadataLoadContext _context;

    public CmdletSurface()
    {
        string[] known =
        [
            .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll"),
            .. Directory.GetFiles(Repository.File("bin"), "*.dll", SearchOption.AllDirectories),
            Repository.PowerShellReference,
        ];
        _context = new MetadataLoadContext(new PathAssemblyResolver(known));
        Assembly module = _context.LoadFromAssemblyPath(Repository.File("bin", "SsmTools.dll"));
        ExportedTypes = module.GetExportedTypes();
        Cmdlets = ExportedTypes
            .Where(type => type.GetCustomAttributesData().Any(CmdletContract.IsCmdletAttribute))
            .Select(type => new CmdletContract(type))
            .ToArray();
        ApprovedVerbs = _context.LoadFromAssemblyPath(Repository.PowerShellReference).GetExportedTypes()
            .Where(type => type.Namespace == "System.Management.Automation" && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyList<Type> ExportedTypes { get; }

    internal IReadOnlyList<CmdletContract> Cmdlets { get; }

    public IReadOnlySet<string> ApprovedVerbs { get; }

    public void Dispose() => _context.Dispose();
}
