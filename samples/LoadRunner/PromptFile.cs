using System.Text;

namespace LoadRunnerSample;

/// <summary>A text file of prompts, UTF-8 or with a byte order mark. Anything else would be sent as nonsense, and the figures would be those of nonsense.</summary>
static class PromptFile
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UsageException">The file is no text.</exception>
    public static string Read(string path)
    {
        using var reader = new StreamReader(path, Strict);
        try
        {
            var text = reader.ReadToEnd();
            return text.Contains('\0', StringComparison.Ordinal) ? throw NoText(path) : text;
        }
        catch (DecoderFallbackException e)
        {
            throw NoText(path, e);
        }
    }

    static UsageException NoText(string path, Exception? inner = null) =>
        new($"The prompt file '{path}' is no text in UTF-8; --prompts takes a text file with one prompt a line.", inner);
}
