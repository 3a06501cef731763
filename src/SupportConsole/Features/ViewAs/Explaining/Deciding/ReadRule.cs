using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Deciding;

/// <summary>Which of a collection's two rules about reading is meant.</summary>
public enum ReadRule
{
    /// <summary>The rule of its lists.</summary>
    List,

    /// <summary>The rule of its single records.</summary>
    View,
}

/// <summary>The rules themselves, and their words.</summary>
internal static class ReadRules
{
    /// <summary>The rule as PocketBase keeps it.</summary>
    public static string? Of(CollectionSchema schema, ReadRule rule) => rule == ReadRule.List ? schema.ListRule : schema.ViewRule;

    /// <summary>The rule in two words.</summary>
    public static string InWords(ReadRule rule) => rule == ReadRule.List ? "list rule" : "view rule";
}
