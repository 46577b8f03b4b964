import Foundation
import TestSupport
import Testing

@Suite("Metrics and files for BI tools", .timeLimit(.minutes(10)))
struct MetricsCommandTests {
  @Test("`metrics` prints the page; --out writes it whole, for other users to read")
  func page() async throws {
    let fixture = try await ErrandFixture.open()
    let printed = try await fixture.payops(["metrics"])
    #expect(printed.status == 0 && printed.errors == "", "\(printed.errors)")
    #expect(printed.output.contains("\npayops_up 1\n"))
    #expect(printed.output.contains("\npayops_alerts_open{severity=\""))
    struct Family: Decodable { let name: String }
    let json = try await fixture.payops(["metrics", "--json"])
    let families = try JSONDecoder().decode([Family].self, from: Data(json.output.utf8))
    #expect(families.contains { $0.name == "payops_up" } && families.count > 80)
    let file = fixture.folder.appending(path: "payops.prom")
    let written = try await fixture.payops(["metrics", "--out", file.path])
    #expect(written.status == 0 && written.output == "")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasPrefix("# HELP payops_") && text.hasSuffix("\n"))
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
    #expect(mode as? Int == 0o644)
  }

  @Test("without a database `metrics` still writes a page, and its status says why")
  func away() async throws {
    let run = try await ProgramRun.payops(["metrics", "--socket", "/nonexistent/payops.sock"])
    #expect(run.status == 69)
    #expect(run.output.contains("\npayops_up 0\n"))
    #expect(run.errors.contains("error:"))
    let folder = try await ProgramRun.payops([
      "metrics", "--socket", "/nonexistent/payops.sock", "--out", "/nonexistent/folder/x.prom",
    ])
    #expect(folder.status == 73, "\(folder)")
  }

  @Test(
    "`bi` writes the same bytes twice, and takes no password",
    arguments: ["superset", "grafana", "powerbi"])
  func kit(tool: String) async throws {
    let fixture = try await ErrandFixture.open()
    let folders = ["one", "two"].map { fixture.folder.appending(path: "\(tool)-\($0)") }
    for folder in folders {
      let run = try await fixture.payops(["bi", tool, folder.path])
      #expect(run.status == 0 && run.output == "", "\(run)")
      #expect(run.errors.contains("files for"))
    }
    let differ = try await ProgramRun.run(
      URL(filePath: "/usr/bin/diff"), ["-r", folders[0].path, folders[1].path])
    #expect(differ.status == 0, "\(differ.output.prefix(500))")
    let refused = try await fixture.payops([
      "bi", tool, folders[0].path, "--source", "mariadb://a:secret@host/payops",
    ])
    #expect(refused.status != 0 && !refused.errors.contains("secret@"), "\(refused)")
  }
}
