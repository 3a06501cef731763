using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>The stored tree is damaged, so that nothing can be proved from it.</summary>
internal sealed class UnprovableException(Exception fault)
    : ExplainedException($"The stored tree of the log can't be read, so that no event can be proved from it: {fault.Message} Verify the log, on the audit page or with `audit verify`.", fault);
