using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>A change to one stretch of a file.</summary>
/// <param name="Span">The stretch.</param>
/// <param name="Text">What takes its place.</param>
/// <param name="Shown">The same for a reader, if that is shorter; empty: nothing.</param>
readonly record struct Edit(TextSpan Span, string Text, string? Shown = null);

/// <summary>Lists every mutant of a file, in the order of the text.</summary>
static class MutantFinder
{
    public static List<Mutant> Find(string file, SyntaxTree tree, SemanticModel model)
    {
        var text = tree.GetText();
        var mutants = new List<Mutant>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<(TextSpan, string)>();
        foreach (var node in tree.GetRoot().DescendantNodes(node => !Exclusions.Skips(node, model)))
        {
            foreach (var edit in Edits(node, model))
            {
                if (!seen.Add((edit.Span, edit.Text))) continue;
                var mutant = new Mutant(file, text.Lines.GetLinePosition(edit.Span.Start).Line + 1, MemberOf(node), Change(text, node, edit), edit.Span, edit.Text);
                var count = names[mutant.Key] = names.GetValueOrDefault(mutant.Key) + 1;
                mutants.Add(count == 1 ? mutant : mutant with { Change = $"{mutant.Change} (#{count})" });
            }
        }

        return mutants;
    }

    static IEnumerable<Edit> Edits(SyntaxNode node, SemanticModel model) =>
        Exclusions.Skips(node, model) ? [] : [.. Conditions.Of(node), .. Operators.Of(node, model), .. Literals.Of(node), .. Removals.Of(node, model), .. Calls.Of(node)];

    // An operator or a number alone tells little: it is shown with what stands around it.
    static string Change(SourceText text, SyntaxNode node, Edit edit)
    {
        if (edit.Shown is { Length: 0 }) return $"`{Line(text.ToString(edit.Span))}` left out";
        if (edit.Shown is { } shown) return $"`{Line(text.ToString(edit.Span))}` → `{Line(shown)}`";
        var around = node.AncestorsAndSelf().TakeWhile(one => one is not (StatementSyntax or MemberDeclarationSyntax) && one.Span.Length <= 60).LastOrDefault(node).Span;
        var after = text.ToString(TextSpan.FromBounds(around.Start, edit.Span.Start)) + edit.Text + text.ToString(TextSpan.FromBounds(edit.Span.End, around.End));
        return $"`{Line(text.ToString(around))}` → `{Line(after)}`";
    }

    static string Line(string text)
    {
        var line = string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Replace('|', '¦');
        return line.Length <= 100 ? line : $"{line[..70]} … {line[^25..]}";
    }

    static string MemberOf(SyntaxNode node)
    {
        var member = node.AncestorsAndSelf().FirstOrDefault(one => one is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax or BaseTypeDeclarationSyntax);
        return member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            PropertyDeclarationSyntax property => property.Identifier.Text,
            IndexerDeclarationSyntax => "indexer",
            OperatorDeclarationSyntax { OperatorToken.Text: var symbol } => $"operator {symbol}",
            BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            BaseTypeDeclarationSyntax type => type.Identifier.Text,
            _ => "file",
        };
    }
}
