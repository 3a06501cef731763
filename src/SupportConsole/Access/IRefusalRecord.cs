namespace SupportConsole.Access;

/// <summary>Where refusals are recorded, those of one kind at most once a minute. A port: the audit trail above answers it.</summary>
public interface IRefusalRecord
{
    /// <summary>Returns once the refusal is durable, or counted where one like it was recorded within the last minute.</summary>
    /// <param name="staff">Who was refused.</param>
    /// <param name="detail">What, in a few words.</param>
    Task RefusedAsync(ActingStaff staff, string detail);
}
