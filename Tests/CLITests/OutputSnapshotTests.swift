import Foundation
import MariaDBClient
import TestSupport
import Testing

/// The output of the commands over one generated history, in the order in which an analyst, an
/// operator and a DBA may use them.
@Suite("Output of the commands", .timeLimit(.minutes(10)))
struct OutputSnapshotTests {
  private static let now = "2026-01-15 12:00:00"

  /// One line is one call; "owner:" calls as the owner, without a fixed clock.
  private static let calls = """
    health
    health --json
    kpi
    kpi success_rate --limit 3
    kpi backlog_by_hour --from 2026-01-10 --to 2026-01-11 --format csv
    kpi backlog_by_age --json
    kpi kpi_today
    kpi sucess_rate
    kpi backlog_by_age --from 2026-01-10
    kpi success_rate --from 2026-01-11 --to 2026-01-10
    kpi success_rate --limit 0
    kpi success_rate --from 2030-01-01
    kpi settlement_sla_compliance
    kpi sla_compliance
    kpi success_rate --limit 2 --columns metric_date,success_rate --format csv
    kpi success_rate --columns nosuch
    kpi success_rate --wide --format csv
    health --at 2030-01-01
    alerts list
    alerts list --all --json
    alerts list --severity CRITICAL
    alerts show 1
    alerts show 1 --json
    alerts show 999
    alerts ack 1
    alerts assign 1 dana
    alerts comment 1 looking
    alerts comment 1 4111111111111111
    alerts silence --rule rollups% --for 2h --reason maintenance
    alerts silences
    alerts silences --json
    alerts unsilence 1
    alerts judge 2 true
    alerts resolve 2
    alerts times
    alerts times --json
    cases list
    cases list --json
    cases list --state closed
    cases list --columns case_id,nosuch
    cases show 1
    cases show 1 --json
    cases assign 1 dana
    cases note 1 called
    cases due 1 --until 2026-02-01
    cases decide 1 confirmed --reason structuring
    cases reopen 1 --reason more
    cases show 1
    cases export 1
    cases precision
    cases show 999
    rules list
    rules list --json
    rules whatif A27 --set percentile=0.99 --from 2025-12-01 --to 2025-12-31
    rules whatif A27 --set percentile=0.99 --from 2025-12-01 --to 2025-12-31 --json
    rules whatif A27 --set nothing=1 --from 2025-12-01 --to 2025-12-31
    rules whatif A27 --set percentile=0.99 --from 2025-12-31 --to 2025-12-01
    rules propose A27 --set percentile=0.99
    rules activate A27 2
    rules activate A27 9
    risk scores --limit 5
    risk scores --limit 5 --json
    risk explain 1
    risk explain 1 --json
    risk override 1 --score 70 --reason known --days 30
    jobs list
    jobs list --json
    jobs schedule refresh_kpis every·20s
    jobs schedule refresh_kpis every·0s
    jobs next purge_history --count 2
    jobs disable sample_space
    jobs enable sample_space
    jobs run sample_space
    jobs run nosuch
    jobs history sample_space --json
    jobs history nosuch
    jobs history seal_payments
    jobs check
    notify add desk --kind log --target /nowhere/log --severity CRITICAL
    notify routes
    notify routes --json
    notify list
    notify disable desk
    notify remove desk
    audit list --limit 4
    audit verify
    integrity
    integrity --json
    owner: reconcile --from 2026-01-01 --to 2026-01-05
    refresh
    refresh --json
    owner: privacy erase 3 --confirm 3
    privacy list
    monitor replay --from 2026-01-10 --to 2026-01-12
    owner: deploy --check
    """

  @Test("the output of the commands is as recorded")
  func transcript() async throws {
    try await TestServer.withPrivateSchema(
      options: ["--init-connect=SET @payops_as_of = '\(Self.now)'"]
    ) { connection in
      let socket = try #require(connection.options.socket)
      let owner = ["--socket", socket, "--user", "root", "--database", "payops"]
      let written = try await ProgramRun.payops(
        [
          "generate", "--end", Self.now, "--quiet", "--transactions=5000", "--days=70",
          "--customers=250", "--seed=23",
        ] + owner, deadline: .seconds(120))
      try #require(written.status == 0, "\(written)")
      try await connection.execute("SET @payops_as_of = '\(Self.now)'")
      for call in [
        "mark_stuck_payments()", "update_risk_scores()", "watch_integrity()",
        "raise_alert('rollups_behind', 'rollups', 'WARNING', 'changes wait')",
      ] { _ = try await connection.queryAll("CALL \(call)") }
      // The fixed clock of sessions does not apply to accounts with all privileges.
      try await connection.runScript(
        """
        CREATE USER viewer@localhost;
        GRANT ALL ON payops.* TO viewer@localhost;
        """)

      var transcript = Transcript("verbs")
      for call in Self.calls.split(separator: "\n") {
        let isOwner = call.hasPrefix("owner: ")
        try await transcript.call(
          String(call.dropFirst(isOwner ? 7 : 0)),
          ["--socket", socket, "--user", isOwner ? "root" : "viewer", "--database", "payops"])
      }
      let replacements = [socket: "<socket>", "\(connection.serverVersion)": "<version>"]
      try transcript.compare(replacements)

      // Of the same history, what terminals show.
      let viewer = ["--socket", socket, "--user", "viewer", "--database", "payops"]
      try await connection.execute(
        "CALL add_notification_route('desk', 'log', '/nowhere/log', '{}', 'CRITICAL', NULL, NULL,"
          + " NULL, NULL, NULL)")
      try await TerminalOutputs.compare(viewer, replacements)
      try await TerminalOutputs.compareColours(viewer, replacements)
    }
  }
}
