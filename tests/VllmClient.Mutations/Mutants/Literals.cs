using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>Whole numbers off by one, other numbers doubled, true for false. Text is left alone.</summary>
static class Literals
{
    public static IEnumerable<Edit> Of(SyntaxNode node)
    {
        if (node is not LiteralExpressionSyntax { Token: var token }) yield break;
        if (Other(token.Value, IsUpperBound(node) ? -1 : 1) is { } number) yield return new(token.Span, number);
        if (node.Parent is WhileStatementSyntax) yield break;
        if (node.IsKind(SyntaxKind.TrueLiteralExpression)) yield return new(node.Span, "false");
        if (node.IsKind(SyntaxKind.FalseLiteralExpression)) yield return new(node.Span, "true");
    }

    static string? Other(object? value, int step) => value switch
    {
        int number => unchecked(number + step).ToString(CultureInfo.InvariantCulture),
        long number => unchecked(number + step).ToString(CultureInfo.InvariantCulture) + "L",
        uint number => unchecked(number + 1).ToString(CultureInfo.InvariantCulture) + "U",
        ulong number => unchecked(number + 1).ToString(CultureInfo.InvariantCulture) + "UL",
        double number => Real(number == 0 ? 1 : number * 2),
        float number => Real(number == 0 ? 1 : number * 2) + "F",
        decimal number => (number == 0 ? 1 : number * 2).ToString(CultureInfo.InvariantCulture) + "M",
        _ => null,
    };

    static string Real(double number) => number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text : $"{text}.0";

    // x < 5 with 6 would be x <= 5 once more, which the bound's own mutant is.
    static bool IsUpperBound(SyntaxNode node) => node.Parent is BinaryExpressionSyntax { Right: var right } binary && right == node && binary.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.GreaterThanOrEqualExpression;
}
