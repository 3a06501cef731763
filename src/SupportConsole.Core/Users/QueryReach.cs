namespace SupportConsole.Core.Users;

/// <summary>How far a text is looked for.</summary>
public enum QueryReach
{
    /// <summary>Nothing was typed that could be looked for.</summary>
    Nothing,

    /// <summary>One letter of an alphabet: a third of all users have it.</summary>
    TooShort,

    /// <summary>Two letters, or one character that is a word: whole values are compared, so that Bo, Ng and 李 are found.</summary>
    Whole,

    /// <summary>Long enough to be looked for inside of values.</summary>
    Anywhere,
}
