using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Vllm.Tests.Mutations.Mutants;

namespace Vllm.Tests.Mutations.Building;

/// <summary>Writes all mutants of a file into one text: each body that holds any becomes a choice between its variants, made by a number while the program runs.</summary>
static class Switchboard
{
    /// <summary>The environment variable that holds the number of the mutant with which a program starts; without it there is none.</summary>
    public const string Variable = "PLANTED_MUTANT";

    /// <summary>Source of the type that holds the number and notes which bodies are entered.</summary>
    public const string Source = $$"""
        namespace Vllm;
        static class Planted
        {
            public static int Number = int.Parse(System.Environment.GetEnvironmentVariable("{{Variable}}") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            public static readonly bool[] Entered = new bool[10_000];
            public static void Enter(int body) => Entered[body] = true;
        }
        """;

    /// <summary>Whether a mutant lies in a body, so that it can be chosen while running; else it needs an assembly of its own.</summary>
    public static bool Takes(SyntaxNode root, Mutant mutant) => BodyOf(root, mutant) is not null;

    /// <summary>The bodies that hold these mutants; a body is named by the number of its first mutant.</summary>
    public static IEnumerable<(int Number, int Body)> Bodies(SyntaxNode root, IEnumerable<(int Number, Mutant Mutant)> mutants) =>
        mutants.GroupBy(one => BodyOf(root, one.Mutant)!).SelectMany(body => body.Select(one => (one.Number, body.First().Number)));

    /// <summary>The text with all these mutants in it, by their numbers.</summary>
    public static string Write(SyntaxNode root, SourceText text, IEnumerable<(int Number, Mutant Mutant)> mutants)
    {
        var written = new StringBuilder();
        var end = 0;
        foreach (var body in mutants.GroupBy(one => BodyOf(root, one.Mutant)!).OrderBy(body => body.Key.SpanStart))
        {
            written.Append(text.ToString(TextSpan.FromBounds(end, body.Key.SpanStart)));
            written.Append(Choice(body.Key, text, body));
            end = End(body.Key);
        }

        return written.Append(text.ToString(TextSpan.FromBounds(end, text.Length))).ToString();
    }

    // The body of a member, or what a field or property starts with.
    static SyntaxNode? BodyOf(SyntaxNode root, Mutant mutant) => root.FindNode(mutant.Span, getInnermostNodeForTie: true).AncestorsAndSelf().LastOrDefault(node => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax => node.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax,
        EqualsValueClauseSyntax => node.Parent is PropertyDeclarationSyntax || (node.Parent?.Parent?.Parent is FieldDeclarationSyntax field && !field.Modifiers.Any(SyntaxKind.ConstKeyword)),
        _ => false,
    });

    static string Choice(SyntaxNode body, SourceText text, IEnumerable<(int Number, Mutant Mutant)> mutants)
    {
        var choice = new StringBuilder($"global::Vllm.Planted.Enter({mutants.First().Number.ToString(CultureInfo.InvariantCulture)});\nswitch (global::Vllm.Planted.Number) {{\n");
        foreach (var (number, mutant) in mutants) choice.Append(CultureInfo.InvariantCulture, $"case {number}: {{ {Step(body, text, mutant)} }}\n");
        choice.Append("default: { ").Append(Step(body, text, null)).Append(" }\n}");
        return body switch
        {
            BlockSyntax => $"{{ {choice} }}",
            ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax } => $"{{ get {{ {choice} }} }}",
            ArrowExpressionClauseSyntax => $"{{ {choice} }}",
            EqualsValueClauseSyntax start => $"= ((global::System.Func<{TypeOf(start)}>)(() => {{ {choice} }}))()",
            _ => throw new InvalidOperationException($"No body: {body}"),
        };
    }

    // One variant as statements that never fall through.
    static string Step(SyntaxNode body, SourceText text, Mutant? mutant)
    {
        var inner = body switch
        {
            ArrowExpressionClauseSyntax arrow => arrow.Expression,
            EqualsValueClauseSyntax start => start.Value,
            _ => body,
        };
        var variant = mutant is null
            ? inner.ToString()
            : text.ToString(TextSpan.FromBounds(inner.SpanStart, mutant.Span.Start)) + mutant.Replacement + text.ToString(TextSpan.FromBounds(mutant.Span.End, inner.Span.End));
        if (body is BlockSyntax) return $"{variant} break;";
        if (variant.StartsWith("throw ", StringComparison.Ordinal)) return $"{variant};";
        return body is ArrowExpressionClauseSyntax { Parent: var member } && IsVoid(member!) ? $"{variant}; break;" : $"return {variant};";
    }

    static bool IsVoid(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.ReturnType.ToString() == "void" || (method.Modifiers.Any(SyntaxKind.AsyncKeyword) && method.ReturnType.ToString() is "Task" or "ValueTask"),
        BaseMethodDeclarationSyntax and not OperatorDeclarationSyntax and not ConversionOperatorDeclarationSyntax => true,
        AccessorDeclarationSyntax accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        _ => false,
    };

    static string TypeOf(EqualsValueClauseSyntax start) => start.Parent is PropertyDeclarationSyntax property
        ? property.Type.ToString()
        : ((VariableDeclarationSyntax)start.Parent!.Parent!).Type.ToString();

    // A body of one expression ends with a semicolon that a block does not have.
    static int End(SyntaxNode body) => body is ArrowExpressionClauseSyntax ? body.GetLastToken().GetNextToken().Span.End : body.Span.End;
}
