import EmbeddedServer
import Foundation
import MariaDBClient
import Metrics
import PayopsCore
import Tabular

/// `payops metrics`: the page that Prometheus scrapes, once.
struct MetricsCommand: DatabaseVerb {
  static let out = Option.path(
    "out", "FILE", "write it to a file that others may read, whole or not at all")
  static let deadline = Option.integer(
    "deadline", "SECONDS", in: 1...300, "most time that the database gets (default 10)")

  let name = "metrics"
  let summary = "print today's figures for Prometheus"
  let discussion = """
    KPIs of today, backlog, settlement, exposure, alerts, jobs, backups, freshness and
    database, read from the published views that the role monitor may read, in Prometheus'
    text format. Names end in the base unit; instants stand in place of ages; no label
    names a customer, an account or a payment. payops_up is 0 when the database cannot be
    read, and the exit status says why.

    For the textfile collector of node_exporter, once a minute:

      payops metrics --out /var/lib/prometheus/node-exporter/payops.prom
    """
  let options = [out.declaration, deadline.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    let page = MetricsPage(deadline: .seconds(invocation[Self.deadline] ?? 10)) {
      try await target.connectForReading(isFresh: false)
    }
    let families = await page.families()
    let text = Exposition.text(of: families)
    if let path = invocation[Self.out] {
      let file = try PartialFile(for: URL(filePath: path))
      do {
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.finish()
      } catch {
        file.discard()
        throw error
      }
      // The collector is another user; the figures name nobody.
      chmod(path, 0o644)
    } else {
      try invocation.console.write(text, json: .array(families.map(Self.json)))
    }
    if let failure = await page.failure { throw failure }
    return .ok
  }
  private static func json(_ family: MetricFamily) -> JSON {
    .pairs([
      "name": .string(family.name), "type": .string(family.kind.rawValue),
      "help": .string(family.help),
      "samples": .array(
        family.samples.map { sample in
          .pairs([
            "labels": .object(sample.labels.map { ($0.name, .string($0.value)) }),
            "value": .number(Exposition.text(of: sample.value)),
          ])
        }),
    ])
  }
}
