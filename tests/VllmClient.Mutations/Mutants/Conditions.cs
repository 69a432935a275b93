using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>Conditions that always or never hold, parts of them that say nothing, and bounds off by one.</summary>
static class Conditions
{
    public static IEnumerable<Edit> Of(SyntaxNode node)
    {
        if (node is ExpressionSyntax decision && IsDecision(decision))
        {
            // The condition still runs, so that what it declares stays in scope.
            yield return new(decision.Span, $"(({decision}) && false)", "false");
            // A loop that never ends proves nothing but its end.
            if (!IsLoop(decision)) yield return new(decision.Span, $"(({decision}) || true)", "true");
        }

        switch (node)
        {
            case BinaryExpressionSyntax binary when IsBoth(binary):
                foreach (var part in (ExpressionSyntax[])[binary.Left, binary.Right])
                {
                    if (Inner(part).IsKind(binary.Kind())) continue;
                    yield return binary.IsKind(SyntaxKind.LogicalAndExpression) ? new(part.Span, $"(({part}) || true)", "true") : new(part.Span, $"(({part}) && false)", "false");
                }

                break;
            case BinaryExpressionSyntax { OperatorToken: var symbol } when Boundary(symbol.Kind()) is { } moved:
                yield return new(symbol.Span, moved);
                break;
            case RelationalPatternSyntax { OperatorToken: var symbol } when Boundary(symbol.Kind()) is { } moved:
                yield return new(symbol.Span, moved);
                break;
            case BinaryPatternSyntax pattern:
                yield return new(pattern.Span, pattern.Left.ToString());
                yield return new(pattern.Span, pattern.Right.ToString());
                break;
            case PropertyPatternClauseSyntax { Subpatterns.Count: > 1 } properties:
                foreach (var pattern in properties.Subpatterns) yield return Removals.FromList(properties.Subpatterns, pattern);
                break;
        }
    }

    // The outermost expression of a condition, or of any value that is true or false by comparing.
    static bool IsDecision(ExpressionSyntax node)
    {
        if (node is LiteralExpressionSyntax or ParenthesizedExpressionSyntax) return false;
        var outer = Outer(node);
        if (outer.Parent is BinaryExpressionSyntax binary && IsBoth(binary)) return false;
        if (outer.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression }) return false;
        return IsCondition(outer) || Decides(node);
    }

    static bool Decides(ExpressionSyntax node) =>
        node is IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression }
        || (node is BinaryExpressionSyntax binary && (IsBoth(binary) || binary.IsKind(SyntaxKind.EqualsExpression) || binary.IsKind(SyntaxKind.NotEqualsExpression) || binary.IsKind(SyntaxKind.IsExpression) || Boundary(binary.OperatorToken.Kind()) is not null));

    static bool IsCondition(ExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax parent => parent.Condition == node,
        ConditionalExpressionSyntax parent => parent.Condition == node,
        WhileStatementSyntax parent => parent.Condition == node,
        DoStatementSyntax parent => parent.Condition == node,
        ForStatementSyntax parent => parent.Condition == node,
        WhenClauseSyntax or CatchFilterClauseSyntax => true,
        _ => false,
    };

    static bool IsLoop(ExpressionSyntax node) => Outer(node).Parent is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax;

    static bool IsBoth(BinaryExpressionSyntax node) => node.IsKind(SyntaxKind.LogicalAndExpression) || node.IsKind(SyntaxKind.LogicalOrExpression);

    static ExpressionSyntax Outer(ExpressionSyntax node) => node.Parent is ParenthesizedExpressionSyntax parent ? Outer(parent) : node;

    static ExpressionSyntax Inner(ExpressionSyntax node) => node is ParenthesizedExpressionSyntax parenthesized ? Inner(parenthesized.Expression) : node;

    static string? Boundary(SyntaxKind symbol) => symbol switch
    {
        SyntaxKind.LessThanToken => "<=",
        SyntaxKind.LessThanEqualsToken => "<",
        SyntaxKind.GreaterThanToken => ">=",
        SyntaxKind.GreaterThanEqualsToken => ">",
        _ => null,
    };
}
