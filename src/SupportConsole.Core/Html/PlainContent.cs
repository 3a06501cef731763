namespace SupportConsole.Core.Html;

/// <summary>Markup or words made of somebody's markup.</summary>
/// <param name="Content">Balanced markup of harmless elements, or words with line breaks; either with character references as written.</param>
/// <param name="Shown">How many characters of text are in it.</param>
/// <param name="LeftOut">How many characters of text didn't fit.</param>
/// <param name="TooCostly">Whether it was given up, because a browser would take too long for it.</param>
public sealed record PlainContent(string Content, int Shown, long LeftOut, bool TooCostly);
