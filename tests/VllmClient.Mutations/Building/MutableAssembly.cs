using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Vllm.Tests.Mutations.Mutants;

namespace Vllm.Tests.Mutations.Building;

/// <summary>One assembly of the product, held in memory, that can be compiled with mutants.</summary>
sealed class MutableAssembly
{
    readonly CSharpCompilation _compilation;
    readonly Dictionary<string, SyntaxTree> _trees;

    MutableAssembly(CSharpCompilation compilation, Dictionary<string, SyntaxTree> trees) => (_compilation, _trees) = (compilation, trees);

    public static async Task<MutableAssembly> OpenAsync(string root, string project)
    {
        var arguments = await CompilerArguments.OfAsync(root, project);
        var trees = arguments.SourceFiles.Select(file => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(file.Path), arguments.Encoding), arguments.ParseOptions, file.Path)).ToArray();
        var references = arguments.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(reference.Reference, reference.Properties));
        // Whether a mutant is written well does not matter, only whether it runs.
        var options = arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Suppress).WithSpecificDiagnosticOptions([]);
        var compilation = CSharpCompilation.Create(project, trees, references, options);
        var loader = new GeneratorLoader(arguments.AnalyzerReferences.Select(reference => reference.FilePath));
        var generators = arguments.AnalyzerReferences.SelectMany(reference => new AnalyzerFileReference(reference.FilePath, loader).GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver.Create(generators, optionsProvider: new ConfiguredOptions(arguments), parseOptions: arguments.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return new((CSharpCompilation)generated, trees.ToDictionary(tree => Path.GetRelativePath(root, tree.FilePath).Replace('\\', '/'), StringComparer.Ordinal));
    }

    /// <summary>The mutants of a room's files.</summary>
    public IReadOnlyList<Mutant> Mutants(Room room) =>
    [
        .. from file in _trees
           where room.Files.Any(start => file.Key.StartsWith($"src/{room.Project}/{start}", StringComparison.Ordinal))
           orderby file.Key
           from mutant in MutantFinder.Find(file.Key, file.Value, _compilation.GetSemanticModel(file.Value))
           select mutant,
    ];

    /// <summary>Whether the assembly still compiles with a mutant.</summary>
    public bool Accepts(Mutant mutant)
    {
        var tree = _trees[mutant.File];
        var changed = Changed(mutant, tree);
        var compilation = _compilation.ReplaceSyntaxTree(tree, changed);
        // Only the member itself can have become wrong: a mutant changes no declaration.
        var member = changed.GetRoot().FindToken(mutant.Span.Start).Parent!.AncestorsAndSelf().First(node => node is MemberDeclarationSyntax);
        return compilation.GetSemanticModel(changed).GetDiagnostics(member.Span).All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
    }

    /// <summary>One assembly with all the mutants that can be chosen while it runs; their numbers count from 1.</summary>
    public byte[] CompileAll(IReadOnlyList<Mutant> mutants)
    {
        var compilation = _compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(Switchboard.Source, (CSharpParseOptions)_trees.Values.First().Options));
        foreach (var file in mutants.Select((mutant, index) => (Number: index + 1, Mutant: mutant)).Where(one => IsChosen(one.Mutant)).GroupBy(one => one.Mutant.File))
        {
            var tree = _trees[file.Key];
            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(Switchboard.Write(tree.GetRoot(), tree.GetText(), file))));
        }

        return Emit(compilation);
    }

    /// <summary>The body in which each mutant lies that can be chosen while the assembly runs, by the numbers of <see cref="CompileAll"/>.</summary>
    public IReadOnlyDictionary<int, int> Bodies(IReadOnlyList<Mutant> mutants) => mutants
        .Select((mutant, index) => (Number: index + 1, Mutant: mutant))
        .Where(one => IsChosen(one.Mutant))
        .GroupBy(one => one.Mutant.File)
        .SelectMany(file => Switchboard.Bodies(_trees[file.Key].GetRoot(), file))
        .ToDictionary(one => one.Number, one => one.Body);

    /// <summary>Whether a mutant can be chosen while the assembly runs.</summary>
    public bool IsChosen(Mutant mutant) => Switchboard.Takes(_trees[mutant.File].GetRoot(), mutant);

    /// <summary>The assembly with one mutant only.</summary>
    public byte[] Compile(Mutant mutant)
    {
        var tree = _trees[mutant.File];
        return Emit(_compilation.ReplaceSyntaxTree(tree, Changed(mutant, tree)));
    }

    static SyntaxTree Changed(Mutant mutant, SyntaxTree tree) => tree.WithChangedText(tree.GetText().WithChanges(new TextChange(mutant.Span, mutant.Replacement)));

    static byte[] Emit(CSharpCompilation compilation)
    {
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        return result.Success ? assembly.ToArray() : throw new InvalidOperationException($"Does not compile:\n{string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error))}");
    }
}
