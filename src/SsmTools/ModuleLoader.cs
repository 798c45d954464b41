using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using SsmTools.Commands;

namespace SsmTools;

/// <summary>
/// Runs at every import, in every runspace. It only makes sure that the engine can be found later; the engine itself is
/// loaded when the first cmdlet needs it, so that importing stays fast.
/// </summary>
public sealed class ModuleLoader : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly EngineLoadContext s_engine = EngineLoadContext.BesideModule();

    static ModuleLoader()
    {
        // Once for the process, and for good: types of the engine that are already loaded keep resolving after the
        // module was removed and imported again.
        AssemblyLoadContext.Default.Resolving += ResolveEngine;
    }

    /// <inheritdoc/>
    public void OnImport()
    {
        // The work is in the static constructor, which an instance has already caused to run.
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        TunnelKeeper.Instance.CloseForCurrentRunspace();
        SandboxKeeper.Instance.StopForCurrentRunspace();
    }

    private static Assembly? ResolveEngine(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is not null && name.Name.StartsWith("SsmTools.", System.StringComparison.Ordinal)
            ? s_engine.LoadOwn(name)
            : null;
}
