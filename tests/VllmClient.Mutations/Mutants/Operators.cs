using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>Arithmetic with the opposite sign, and fallbacks that always or never apply.</summary>
static class Operators
{
    public static IEnumerable<Edit> Of(SyntaxNode node, SemanticModel model)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.CoalesceExpression):
                yield return new(binary.Span, $"({binary.Right})", binary.Right.ToString());
                yield return new(binary.Span, $"({binary.Left})!", binary.Left.ToString());
                break;
            case BinaryExpressionSyntax { OperatorToken: var symbol } binary when Swapped(symbol.Kind()) is { } other && !IsText(binary, model):
                yield return new(symbol.Span, other);
                break;
            // As a statement of its own an assignment is left out instead.
            case AssignmentExpressionSyntax { OperatorToken: var symbol, Parent: not ExpressionStatementSyntax } assignment when Swapped(symbol.Kind()) is { } other && !IsText(assignment, model):
                yield return new(symbol.Span, other);
                break;
            case AssignmentExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.QuestionQuestionEqualsToken } assignment:
                yield return new(assignment.OperatorToken.Span, "=");
                break;
            case PrefixUnaryExpressionSyntax { OperatorToken: var symbol } unary when unary.IsKind(SyntaxKind.UnaryMinusExpression):
                yield return new(unary.Span, unary.Operand.ToString());
                break;
            case PrefixUnaryExpressionSyntax { Parent: not ExpressionStatementSyntax and not ForStatementSyntax, OperatorToken: var symbol } when Stepped(symbol.Kind()) is { } other:
                yield return new(symbol.Span, other);
                break;
            case PostfixUnaryExpressionSyntax { Parent: not ExpressionStatementSyntax and not ForStatementSyntax, OperatorToken: var symbol } when Stepped(symbol.Kind()) is { } other:
                yield return new(symbol.Span, other);
                break;
        }
    }

    static bool IsText(ExpressionSyntax node, SemanticModel model) =>
        model.GetTypeInfo(node).Type is { SpecialType: SpecialType.System_String or SpecialType.System_Boolean } or { TypeKind: TypeKind.Delegate or TypeKind.Enum };

    static string? Stepped(SyntaxKind symbol) => symbol switch
    {
        SyntaxKind.PlusPlusToken => "--",
        SyntaxKind.MinusMinusToken => "++",
        _ => null,
    };

    static string? Swapped(SyntaxKind symbol) => symbol switch
    {
        SyntaxKind.PlusToken => "-",
        SyntaxKind.MinusToken => "+",
        SyntaxKind.AsteriskToken => "/",
        SyntaxKind.SlashToken or SyntaxKind.PercentToken => "*",
        SyntaxKind.LessThanLessThanToken => ">>",
        SyntaxKind.GreaterThanGreaterThanToken => "<<",
        SyntaxKind.AmpersandToken => "|",
        SyntaxKind.BarToken or SyntaxKind.CaretToken => "&",
        SyntaxKind.PlusEqualsToken => "-=",
        SyntaxKind.MinusEqualsToken => "+=",
        SyntaxKind.AsteriskEqualsToken => "/=",
        SyntaxKind.SlashEqualsToken => "*=",
        _ => null,
    };
}
