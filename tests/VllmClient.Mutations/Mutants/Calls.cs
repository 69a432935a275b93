using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>The neighbour of a method called: the largest for the smallest, the first for the last; filters that let everything through.</summary>
static class Calls
{
    static readonly Dictionary<string, string> Neighbours = new(StringComparer.Ordinal)
    {
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["Floor"] = "Ceiling",
        ["Ceiling"] = "Floor",
        ["First"] = "Last",
        ["Last"] = "First",
        ["FirstOrDefault"] = "LastOrDefault",
        ["LastOrDefault"] = "FirstOrDefault",
        ["FindIndex"] = "FindLastIndex",
        ["FindLastIndex"] = "FindIndex",
        ["IndexOf"] = "LastIndexOf",
        ["LastIndexOf"] = "IndexOf",
        ["Any"] = "All",
        ["All"] = "Any",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
        ["StartsWith"] = "EndsWith",
        ["EndsWith"] = "StartsWith",
    };

    static readonly HashSet<string> Filters = new(["Where", "Distinct", "Reverse", "Skip", "Take", "Order"], StringComparer.Ordinal);

    public static IEnumerable<Edit> Of(SyntaxNode node)
    {
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call) yield break;
        var name = access.Name.Identifier;
        if (Neighbours.TryGetValue(name.Text, out var neighbour)) yield return new(name.Span, neighbour);
        if (Filters.Contains(name.Text)) yield return new(call.Span, access.Expression.ToString());
        if (name.Text == "Abs" && call.ArgumentList.Arguments is [var argument]) yield return new(call.Span, $"({argument})", argument.ToString());
    }
}
