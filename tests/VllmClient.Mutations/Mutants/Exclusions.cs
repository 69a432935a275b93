using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>What is never changed: what no behaviour depends on, or what the compiler alone reads.</summary>
static class Exclusions
{
    public static bool Skips(SyntaxNode node, SemanticModel model) => node switch
    {
        AttributeListSyntax or EnumMemberDeclarationSyntax or UsingDirectiveSyntax => true,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => IsLogging(call, model),
        InvocationExpressionSyntax call => IsLogging(call, model),
        ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } } } => true,
        _ => false,
    };

    static bool IsLogging(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol method
        && (method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "LoggerMessageAttribute") || method.ContainingNamespace.ToDisplayString() == "Microsoft.Extensions.Logging");
}
