import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops alerts explain`.
struct AlertsExplain: DatabaseVerb {
  let name = "explain"
  let summary = "recompute why an alert of the monitor fired"
  let discussion = """
    Decides anew from what was stored when it fired: the counts, what the detector knew,
    and the metric as it was; and from the verdicts that monitor_series keeps. Says
    "reproduced", or what is different; then also exits with 1. Counts that are others
    today, such as by payments that came late, are listed.
    """
  let positionals = [AlertsCommand.number]
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let number = try AlertsCommand.number(of: invocation)
    let explanation: AlertExplanation
    do {
      explanation = try await invocation.withConnection { connection in
        try await AlertExplanation.read(number, on: connection)
      }
    } catch let error as DatabaseError where error.errno == 30655 {
      throw Fault(
        .usage, "alert \(number) does not exist, or is not one of the monitor",
        hint: "see `payops alerts list --all --rule 'monitor_*'`")
    }
    let console = invocation.console
    if console.isJSON {
      try console.write(explanation.json.lines)
    } else {
      try console.write(
        DataTable(explanation.steps), as: invocation.format,
        page: explanation.page(of: number, console.layout))
    }
    return explanation.isReproduced ? .ok : .finding
  }
}
