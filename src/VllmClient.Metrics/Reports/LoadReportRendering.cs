using System.Text;
using Vllm.Load;

namespace Vllm.Reports;

/// <summary>Renderings of a load report. They are pure: no clock, no culture, no figures of their own.</summary>
public static class LoadReportRendering
{
    extension(LoadReport report)
    {
        /// <summary>Writes the report as text for a console: at most 100 columns, no colour codes, lines end in <c>\n</c>. The eleven figures of the classic benchmark script come first.</summary>
        /// <param name="writer">Where to write.</param>
        /// <param name="options">Language and title; null takes the defaults.</param>
        public void WriteTo(TextWriter writer, TextReportOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(writer);
            var settings = options ?? new();
            new TextReport(new(writer), report, settings.Language).Write(settings.Title);
        }

        /// <summary>The report as JSON, schema <c>vllm-load/1</c>: times in seconds, absent figures null. Equal reports give equal text.</summary>
        /// <param name="options">Indentation and the single turns; null takes the defaults.</param>
        public string ToJson(JsonReportOptions? options = null)
        {
            using var stream = new MemoryStream();
            ReportJson.Write(stream, report, options);
            return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        }

        /// <summary>Writes the same JSON as UTF-8 without a byte order mark.</summary>
        /// <param name="stream">Where to write; it stays open.</param>
        /// <param name="options">Indentation and the single turns; null takes the defaults.</param>
        public void WriteJson(Stream stream, JsonReportOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(stream);
            ReportJson.Write(stream, report, options);
        }

        /// <summary>Reads a report that <c>WriteJson</c> wrote. Unknown fields are ignored.</summary>
        /// <param name="stream">The JSON as UTF-8; it is read to its end and stays open.</param>
        /// <exception cref="FormatException">It is no report, comes from a newer major version, or holds a value that none may have; the message names the place.</exception>
        public static LoadReport FromJson(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(stream);
            return ReportJson.Read(stream);
        }

        /// <summary>Reads a report that <c>ToJson</c> wrote. Unknown fields are ignored.</summary>
        /// <param name="json">The JSON.</param>
        /// <exception cref="FormatException">It is no report, comes from a newer major version, or holds a value that none may have; the message names the place.</exception>
        public static LoadReport FromJson(string json)
        {
            ArgumentNullException.ThrowIfNull(json);
            return ReportJson.Read(Encoding.UTF8.GetBytes(json));
        }

        /// <summary>Reads a report that <c>Save</c> wrote. Unknown fields are ignored.</summary>
        /// <param name="path">The path that <c>Save</c> was given: a folder, which holds <c>load-report.json</c>; a file ending in <c>.json</c>; or a prefix, to which that ending is added.</param>
        /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
        /// <exception cref="FormatException">It is no report, comes from a newer major version, or holds a value that none may have; the message names the place.</exception>
        public static LoadReport FromFile(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return ReportFiles.ReadJson(path);
        }

        /// <summary>Saves the report as JSON: into a temporary file beside the target first, so that a reader never sees half a report.</summary>
        /// <param name="path">A folder, which gets <c>load-report.json</c>; a file ending in <c>.json</c>; or a prefix, to which that ending is added. Missing folders are made.</param>
        /// <returns>The full paths of the files written.</returns>
        /// <exception cref="IOException">A file could not be written; <c>EnsureCanSave</c> tells so before a run.</exception>
        /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
        public IReadOnlyList<string> Save(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return [ReportFiles.SaveJson(report, path)];
        }

        /// <summary>Saves the report as JSON as <c>Save</c> does, without blocking a thread while it writes.</summary>
        /// <param name="path">A folder, which gets <c>load-report.json</c>; a file ending in <c>.json</c>; or a prefix, to which that ending is added. Missing folders are made.</param>
        /// <param name="cancellationToken">Cancels the writing; a file that was there before stays as it was.</param>
        /// <returns>The full paths of the files written.</returns>
        /// <exception cref="IOException">A file could not be written; <c>EnsureCanSave</c> tells so before a run.</exception>
        /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
        /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
        public async Task<IReadOnlyList<string>> SaveAsync(string path, CancellationToken cancellationToken = default)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            return [await ReportFiles.SaveJsonAsync(report, path, cancellationToken).ConfigureAwait(false)];
        }

        /// <summary>Finds out before a long run whether its report can be saved there. Leaves nothing behind, neither file nor folder.</summary>
        /// <param name="path">The path that <c>Save</c> will be given.</param>
        /// <exception cref="ArgumentException">The path is blank or no path.</exception>
        /// <exception cref="IOException">A file cannot be written there; the message says why.</exception>
        /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
        public static void EnsureCanSave(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            ReportFiles.Check(path);
        }
    }
}
