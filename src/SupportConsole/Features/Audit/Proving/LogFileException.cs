namespace SupportConsole.Features.Audit.Proving;

/// <summary>A file that was taken out of the house doesn't hold; the message says what is wrong with it.</summary>
internal sealed class LogFileException(string message) : Exception(message);
