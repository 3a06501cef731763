using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>What is asked to be taken out can't be told from the question; the message says why. Nothing was taken out.</summary>
internal sealed class ExportRefusedException(string message) : ExplainedException(message);
