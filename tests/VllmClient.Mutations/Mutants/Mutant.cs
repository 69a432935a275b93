using Microsoft.CodeAnalysis.Text;

namespace Vllm.Tests.Mutations.Mutants;

/// <summary>One fault to plant: a stretch of a source file and the text that takes its place.</summary>
/// <param name="File">The file, from the repository's root, with forward slashes.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Member">The member that it lies in.</param>
/// <param name="Change">What is changed, for a reader.</param>
/// <param name="Span">The stretch.</param>
/// <param name="Replacement">The text that takes its place.</param>
sealed record Mutant(string File, int Line, string Member, string Change, TextSpan Span, string Replacement)
{
    /// <summary>Names the mutant by what it changes, so that lines added elsewhere do not rename it.</summary>
    public string Key => $"{Path.GetFileName(File)} {Member}: {Change}";

    public override string ToString() => $"{File}:{Line} {Member}: {Change}";
}
