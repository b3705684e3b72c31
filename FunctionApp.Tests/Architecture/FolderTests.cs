using PointWebhooks.LocalHost;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Architecture;

/// <summary>The folders of FunctionApp build on each other in one direction, as docs/architecture.md says.</summary>
internal sealed class FolderTests
{
    [Test]
    public void No_folder_uses_one_that_builds_on_it()
    {
        var remaining = FolderDependencies.Read().ToDictionary();

        // A folder that uses none of the others is the ground of some; what is left in the end goes in circles.
        while (remaining.Keys.Where(folder => !remaining[folder].Any(remaining.ContainsKey)).ToList() is { Count: > 0 } ground)
            ground.ForEach(folder => remaining.Remove(folder));

        Assert.That(remaining.Select(folder => $"{folder.Key} uses {string.Join(", ", folder.Value)}"), Is.Empty);
    }

    [Test]
    public void The_document_says_what_each_folder_uses()
    {
        var documented = new Document("docs/architecture.md").Table("Folder", "What is in it", "Uses");

        Assert.That(
            documented.Select(row => $"{row[0]} uses {row[2]}"),
            Is.EquivalentTo(FolderDependencies.Read().Select(folder =>
                $"{folder.Key}/ uses {(folder.Value.Count == 0 ? "none" : string.Join(", ", folder.Value))}")));
    }

    [Test]
    public void The_document_names_files_that_exist()
    {
        var followed = new Document("docs/architecture.md").Table("Step", "File", "What happens");

        Assert.That(followed.Select(row => row[1]), Is.All.Matches<string>(file =>
            File.Exists(Path.Combine(RepositoryRoot.Find(), "FunctionApp", file))));
    }
}
