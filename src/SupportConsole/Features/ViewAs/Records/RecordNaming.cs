using SupportConsole.Core;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What the records of a collection are called by: the fields to try, best first; those of one way are joined by a blank.</summary>
/// <param name="Ways">The fields.</param>
internal sealed record RecordNaming(IReadOnlyList<IReadOnlyList<string>> Ways)
{
    // Spelled without case and underscores; the words that public apps use.
    private static readonly string[] s_titles = ["title", "name", "subject", "headline", "label", "caption", "question", "titulo", "titre", "titel", "nome", "nombre", "nom"];

    // Longer texts say something; what they are called by is a little of it at most.
    private const int LongestName = 5000;
    private const int LongestShown = 120;

    /// <summary>The fields that it takes.</summary>
    public IEnumerable<string> Fields => Ways.SelectMany(way => way).Distinct();

    /// <summary>Learns it from what users see of a collection: people by their names, others by a title, by what the app itself calls presentable, or by their first words.</summary>
    public static RecordNaming For(CollectionSchema schema)
    {
        if (schema.IsAuth)
        {
            return new RecordNaming([.. UserCollection.NamingOf(schema).Ways.Select(way => (IReadOnlyList<string>)[.. way])]);
        }

        var texts = TextsOf(schema).ToArray();
        string[] presentable = [.. texts.Where(field => field.Presentable).Select(field => field.Name)];
        string[] titles = [.. TitlesAmong(texts).Select(field => field.Name)];
        string[] first = FirstAmong(texts) is { } words ? [words.Name] : [];
        return new RecordNaming([.. titles.Select(title => (IReadOnlyList<string>)[title]), .. new[] { presentable, first }.Where(way => way.Length > 0)]);
    }

    /// <summary>The fields that are called as titles are, best first.</summary>
    public static IEnumerable<CollectionField> TitlesAmong(IEnumerable<CollectionField> texts) =>
        s_titles.Select(word => texts.FirstOrDefault(field => Is(field, word))).OfType<CollectionField>();

    /// <summary>The field whose words a record is called by where none is called as titles are; null where there is none.</summary>
    public static CollectionField? FirstAmong(IEnumerable<CollectionField> texts) =>
        texts.FirstOrDefault(field => field is { Type: "text", IsShort: true, Max: <= LongestName });

    /// <summary>The short texts that users see.</summary>
    public static IEnumerable<CollectionField> TextsOf(CollectionSchema schema) =>
        schema.Fields.Where(field => field is { Hidden: false, Name: not "id", Type: "text" or "email" or "url", IsShort: true });

    /// <summary>Whether a field is called so, whatever its spelling.</summary>
    public static bool Is(CollectionField field, string word) =>
        field.Name.Replace("_", "", StringComparison.Ordinal).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a record is called; empty when nothing in it says so.</summary>
    public string NameOf(PocketBaseRecord record) => VisibleText.Shortened(
        Ways.Select(way => string.Join(' ', way.Select(record.Text).Where(text => !VisibleText.IsBlank(text)))).FirstOrDefault(name => name.Length > 0) ?? "", LongestShown);
}
