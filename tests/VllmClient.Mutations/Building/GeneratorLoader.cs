using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace Vllm.Tests.Mutations.Building;

/// <summary>Loads source generators, and what they use of each other.</summary>
sealed class GeneratorLoader : IAnalyzerAssemblyLoader
{
    public GeneratorLoader(IEnumerable<string> paths)
    {
        var known = paths.GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        AssemblyLoadContext.Default.Resolving += (context, name) => known.TryGetValue(name.Name!, out var path) ? context.LoadFromAssemblyPath(path) : null;
    }

    public void AddDependencyLocation(string fullPath)
    {
    }

    public Assembly LoadFromPath(string fullPath) => AssemblyLoadContext.Default.LoadFromAssemblyPath(fullPath);
}
