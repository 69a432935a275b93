using System.Text.Json;

namespace Vllm.Tests.Repository.Files;

/// <summary>No recorded exchange lies about unread.</summary>
public class RecordingsTests
{
    [Fact]
    public void Every_recording_is_named_by_a_test_with_what_it_must_give()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests/Recordings/wire/index.json")));
        var tests = string.Concat(Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var expected = File.ReadAllText(Repository.PathOf("tests/Recordings/expected/answers.txt"));

        var unread = index.RootElement.EnumerateArray()
            .Select(item => item.GetProperty("name").GetString()!)
            .Where(name => !tests.Contains($"\"{name}\"", StringComparison.Ordinal) && !expected.Contains($"== {name}\n", StringComparison.Ordinal));

        unread.ShouldBeEmpty();
    }
}
