import Foundation
import Testing

@Suite("payops server", .timeLimit(.minutes(5)))
struct ServerCommandTests {
  @Test("an embedded server in a path with a blank is started, reported, used and stopped")
  func life() async throws {
    let home = FileManager.default.temporaryDirectory
      .appending(path: "payops cli \(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: home) }
    func server(_ arguments: String...) async throws -> ProgramRun {
      try await ProgramRun.payops(["server"] + arguments, directory: home, deadline: .seconds(120))
    }
    let before = try await server("status", "--json")
    #expect(before.status == 1)
    #expect(before.output.contains(#""state": "not_installed""#))

    let started = try await server("start")
    #expect(started.status == 0, "\(started.errors)")
    #expect(started.output.contains("state     running\n"))
    do {
      let again = try await server("start", "--json")
      #expect(again.status == 0)
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
      #expect(object["state"] as? String == "running")
      #expect(object["port"] is NSNull)
      #expect(object["pid"] is Int)
      #expect(try await server("status").status == 0)

      let port = try await server("start", "--port", "13399")
      #expect(port.status == 78)
      #expect(port.errors.contains("without TCP port 13399"))

      let shell = try await server("shell", "--", "--batch", "--execute", "SELECT 6 * 7 AS answer")
      #expect(shell.status == 0, "\(shell.errors)")
      #expect(shell.output == "answer\n42\n")
    } catch {
      _ = try await server("stop")
      throw error
    }
    let stopped = try await server("stop")
    #expect(stopped.status == 0, "\(stopped.errors)")
    #expect(stopped.output.contains("state     stopped\n"))
    #expect(try await server("status").status == 1)
  }

  @Test("server commands refuse options that name another server")
  func otherServer() async throws {
    let run = try await ProgramRun.payops(["server", "stop", "--host=db.example"])
    #expect(run.status == 64)
    #expect(run.errors == "payops: error: option --host does not apply to `payops server stop`\n")
  }
}
