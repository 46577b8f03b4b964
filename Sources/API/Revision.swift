internal import MariaDBClient
internal import Pages
internal import PayopsCore

extension APIService {
  /// What changes when anything shown does.
  struct Revision: Sendable, Equatable {
    /// Counts for two seconds: so long a revoked token still works, and a change is not seen.
    static let lifetime = Duration.seconds(2)
    /// When nothing has changed for so long, ages are all that moves on a page, and it is made anew
    /// only as often as this.
    static let quiet = Duration.seconds(quietMinutes * 60)
    private static let quietMinutes = 5

    let token: String
    /// Changes when anything but a run of a job or an import does: some job begins every few seconds.
    let withoutJobs: String
    /// Changes with the audit log, and so with every token and session.
    let audit: String
    /// The instant that views take as now, as the database writes it (UTC).
    let asOf: String
    /// When it was read, and since when it has been read as it is.
    let at: ContinuousClock.Instant
    let since: ContinuousClock.Instant

    /// The word of a page.
    func token(of page: PageDefinition) -> String { page.showsJobs ? token : withoutJobs }

    /// The minute of the clock from which pages count as made now (YYYY-MM-DD HH:MM).
    var minute: String { Self.minute(of: asOf, unchangedFor: at - since) }

    /// This minute; in quiet times the last full five minutes.
    static func minute(of asOf: String, unchangedFor time: Duration) -> String {
      let minute = String(asOf.prefix(16))
      guard time >= quiet, let number = Int(minute.suffix(2)) else { return minute }
      let full = number - number % quietMinutes
      return minute.dropLast(2) + (full < 10 ? "0" : "") + String(full)
    }

    /// Reads one.
    ///
    /// - Parameters:
    ///   - row: the row of `ops_revision` with the present moment
    ///   - before: the one that was read before
    ///   - now: when it was read
    init(
      _ row: Row?, after before: Revision?, at now: ContinuousClock.Instant = .now
    ) {
      let parts = ["payment", "alert", "monitor", "risk", "audit"].map {
        row?[$0 + "_revision"] ?? "none"
      }
      token = row?["revision"] ?? "none"
      withoutJobs = FNV1a64.hexadecimal(of: parts.joined(separator: "/"))
      audit = parts[4]
      asOf = row?["moment"] ?? ""
      at = now
      since = before?.withoutJobs == withoutJobs ? before?.since ?? now : now
    }
  }
}
