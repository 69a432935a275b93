using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>Steps left out: a statement, a member that is not set, an arm that is not there.</summary>
static class Removals
{
    public static IEnumerable<Edit> Of(SyntaxNode node, SemanticModel model)
    {
        switch (node)
        {
            case ExpressionStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or ReturnStatementSyntax { Expression: null } or ThrowStatementSyntax or YieldStatementSyntax
                when !IsWholeOfAnIf(node):
                yield return new(node.Span, ";", "");
                break;
            case InitializerExpressionSyntax initializer when initializer.Kind() is SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression:
                foreach (var member in initializer.Expressions) yield return FromList(initializer.Expressions, member);
                break;
            case SwitchExpressionSyntax choice:
                foreach (var arm in choice.Arms.Where(arm => arm.Pattern is not DiscardPatternSyntax)) yield return FromList(choice.Arms, arm);
                break;
            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } }, Expression: var body }
                when !(body is InvocationExpressionSyntax && Exclusions.Skips(body, model)):
                yield return new(body.Span, "_ = 0", "");
                break;
        }
    }

    /// <summary>Leaves out one element with a comma beside it.</summary>
    public static Edit FromList<T>(SeparatedSyntaxList<T> list, T element)
        where T : SyntaxNode
    {
        var index = list.IndexOf(element);
        var (start, end) = (element.SpanStart, element.Span.End);
        if (index < list.SeparatorCount) end = list.GetSeparator(index).Span.End;
        else if (index > 0) start = list.GetSeparator(index - 1).SpanStart;
        return new(TextSpan.FromBounds(start, end), "", "");
    }

    // A condition that never holds is the same mutant.
    static bool IsWholeOfAnIf(SyntaxNode node) => node.Parent switch
    {
        IfStatementSyntax parent => parent.Else is null,
        BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax parent } => parent.Else is null,
        _ => false,
    };
}
