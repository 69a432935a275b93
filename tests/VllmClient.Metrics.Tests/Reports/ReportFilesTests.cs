using Vllm.Load;
using Vllm.Reports;

namespace Vllm.Tests.Reports;

public sealed class ReportFilesTests
{
    [Fact]
    public void Saving_writes_whole_files_at_the_place_the_path_means()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-report-");
        try
        {
            var report = FixedReports.Classic();

            var saved = report.Save(folder.FullName).Concat(report.Save(Path.Combine(folder.FullName, "deep", "run"))).Concat(report.Save(Path.Combine(folder.FullName, "a.json")));

            saved.ShouldBe([Path.Combine(folder.FullName, "load-report.json"), Path.Combine(folder.FullName, "deep", "run.json"), Path.Combine(folder.FullName, "a.json")]);
            Directory.GetFiles(folder.FullName, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
            File.ReadAllText(Path.Combine(folder.FullName, "a.json")).ShouldBe(report.ToJson());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Saving_without_blocking_writes_the_same_files()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-report-");
        try
        {
            var report = FixedReports.Classic();

            var saved = await report.SaveAsync(Path.Combine(folder.FullName, "run"), TestContext.Current.CancellationToken);

            saved.ShouldBe([Path.Combine(folder.FullName, "run.json")]);
            File.ReadAllText(saved[0]).ShouldBe(report.ToJson());
            folder.GetFiles().Length.ShouldBe(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_saving_that_is_cancelled_leaves_the_file_of_before()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-report-");
        try
        {
            var path = Path.Combine(folder.FullName, "run.json");
            File.WriteAllText(path, "precious");

            await Should.ThrowAsync<OperationCanceledException>(() => FixedReports.Classic().SaveAsync(path, new CancellationToken(canceled: true)));

            File.ReadAllText(path).ShouldBe("precious");
            folder.GetFiles().Length.ShouldBe(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_report_is_read_from_where_it_was_saved_and_from_its_text()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-report-");
        try
        {
            var report = FixedReports.Classic();
            report.Save(folder.FullName);
            report.Save(Path.Combine(folder.FullName, "run"));

            LoadReport.FromFile(folder.FullName).ToJson().ShouldBe(report.ToJson());
            LoadReport.FromFile(Path.Combine(folder.FullName, "run")).ToJson().ShouldBe(report.ToJson());
            LoadReport.FromJson(report.ToJson()).ToJson().ShouldBe(report.ToJson());
            Should.Throw<FileNotFoundException>(() => LoadReport.FromFile(Path.Combine(folder.FullName, "none")));
            Should.Throw<ArgumentException>(() => LoadReport.FromFile(" "));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_place_is_checked_by_the_rule_by_which_it_is_saved_and_nothing_stays_behind()
    {
        var folder = Directory.CreateTempSubdirectory("vllm-report-");
        try
        {
            string In(params string[] parts) => Path.Combine([folder.FullName, .. parts]);
            File.WriteAllText(In("file"), "");
            Directory.CreateDirectory(In("taken.json"));
            File.WriteAllText(In("kept.json"), "precious");
            File.SetAttributes(In("kept.json"), FileAttributes.ReadOnly);
            var before = Directory.GetFileSystemEntries(folder.FullName, "*", SearchOption.AllDirectories);

            foreach (var good in new[] { folder.FullName, In("new", "deep", "run"), In("a.json"), In("new") + Path.DirectorySeparatorChar, In("taken.json"), In("file") })
                LoadReport.EnsureCanSave(good);
            Should.Throw<IOException>(() => LoadReport.EnsureCanSave(In("file", "below"))).Message.ShouldContain("is a file, not a folder");
            Should.Throw<IOException>(() => LoadReport.EnsureCanSave(In("taken"))).Message.ShouldContain("is a folder");
            Should.Throw<UnauthorizedAccessException>(() => LoadReport.EnsureCanSave(In("kept"))).Message.ShouldContain("is read-only");
            Should.Throw<UnauthorizedAccessException>(() => FixedReports.Classic().Save(In("kept.json")));
            Should.Throw<ArgumentException>(() => LoadReport.EnsureCanSave(" "));

            Directory.GetFileSystemEntries(folder.FullName, "*", SearchOption.AllDirectories).ShouldBe(before, ignoreOrder: true);
            File.ReadAllText(In("kept.json")).ShouldBe("precious");
        }
        finally
        {
            foreach (var file in folder.EnumerateFiles()) file.Attributes = FileAttributes.Normal;
            folder.Delete(recursive: true);
        }
    }
}
