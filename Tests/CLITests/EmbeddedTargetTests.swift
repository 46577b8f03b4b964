import Foundation
import Testing

@Suite("Embedded server as the target of verbs", .timeLimit(.minutes(5)))
struct EmbeddedTargetTests {
  private func folder() throws -> URL {
    let home = FileManager.default.temporaryDirectory
      .appending(path: "payops-target-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    return home
  }

  @Test(
    "verbs make no server in a directory that has none, and say where they looked",
    arguments: [
      ["health"], ["kpi"], ["alerts", "list"], ["doctor"], ["refresh"], ["monitor", "tick"],
      ["generate", "--transactions=1k"], ["deploy", "--check"], ["deploy", "--dry-run"],
      ["server", "shell", "-e", "SELECT 1"], ["jobs", "list"], ["run", "--once"],
    ])
  func absent(words: [String]) async throws {
    let home = try folder()
    defer { try? FileManager.default.removeItem(at: home) }
    let run = try await ProgramRun.payops(words + ["--data-dir", "typo"], directory: home)
    #expect(run.status == 78, "\(run.errors)")
    #expect(
      run.errors.contains("payops: error: there is no server in \(home.path)/typo\n"),
      "\(run.errors)")
    #expect(run.errors.contains("`payops server start`"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == [])
  }

  @Test("a stopped server is started by a verb that needs it, which says so, once")
  func stopped() async throws {
    let home = try folder()
    defer { try? FileManager.default.removeItem(at: home) }
    func payops(_ words: String...) async throws -> ProgramRun {
      try await ProgramRun.payops(words, directory: home, deadline: .seconds(120))
    }
    #expect(try await payops("server", "start").status == 0)
    #expect(try await payops("server", "stop").status == 0)
    let note = "starting the stopped server in \(home.path)/.payops\n"
    do {
      let config = try await payops("config", "--format", "csv")
      #expect(config.output.contains("it is stopped"), "\(config.output)")
      #expect(try await payops("server", "status").output.contains("stopped"))
      let first = try await payops("kpi")
      #expect(first.status == 78)
      #expect(first.errors.hasPrefix(note), "\(first.errors)")
      #expect(
        first.errors.contains("there is no schema payops on the embedded server"),
        "\(first.errors)")
      #expect(first.errors.contains("`payops deploy` makes this one"), "\(first.errors)")
      let second = try await payops("kpi")
      #expect(!second.errors.contains("starting"), "\(second.errors)")
      // What the verb does not know goes to the client.
      let shell = try await payops("server", "shell", "-N", "-e", "SELECT 6 * 7")
      #expect(shell.output == "42\n", "\(shell.errors)")
      let running = try await payops("config", "--format", "csv")
      #expect(running.output.contains("server,MariaDB 1"), "\(running.output)")
      #expect(running.output.contains("schema,payops does not exist"), "\(running.output)")
    } catch {
      _ = try await payops("server", "stop")
      throw error
    }
    #expect(try await payops("server", "stop").status == 0)
  }
}
