namespace SupportConsole.Core.Audit;

/// <summary>What a part of a sentence stands for.</summary>
public enum SentenceRole
{
    /// <summary>Words between.</summary>
    Words,

    /// <summary>Who acted.</summary>
    Actor,

    /// <summary>As or about whom.</summary>
    Subject,
}
