import PayopsCore
import Tabular
import Testing

@testable import payops

@Suite("Command line parser")
struct CommandTreeTests {
  private struct Sample: Verb {
    static let rate = Option.count("rate", "N", "how many")
    static let since = Option.date("since", "from when")
    static let tag = Option.text("tag", "TAG", "a tag").short("t").repeatable
    static let kind = Option.choice("kind", "KIND", ["table", "json"], "the kind")
    static let dry = Flag("dry-run", help: "only look")
    static let first = Positional(name: "FIRST", help: "the first")
    static let others = Positional(name: "OTHERS", help: "the others", arity: .repeated)

    let name = "sample"
    let summary = "a sample"
    let positionals = [first, others]
    let options = [
      rate.declaration, since.declaration, tag.declaration, kind.declaration, dry.declaration,
    ]
    let connects = true
    func run(_ invocation: Invocation) async throws -> ExitCode { .ok }
  }

  private struct Inner: Verb {
    let name: String
    let summary = "inner"
    func run(_ invocation: Invocation) async throws -> ExitCode { .finding }
  }

  private struct Outer: Verb {
    let name = "outer"
    let summary = "outer"
    let subverbs: [any Verb] = [Inner(name: "start"), Inner(name: "stop")]
  }

  /// A verb that is run itself and has sub-verbs.
  private struct Mixed: Verb {
    static let span = Option.text("span", "SPAN", "of mixed alone")
    let name = "mixed"
    let summary = "mixed"
    let options = [span.declaration]
    let subverbs: [any Verb] = [Inner(name: "start")]
  }

  /// A verb that becomes another program.
  private struct Front: Verb {
    static let words = Positional(name: "WORDS", help: "words", arity: .repeated)
    let name = "front"
    let summary = "front"
    let positionals = [words]
    let options = [GlobalOptions.dataDir.declaration]
    let handsOnOptions = true
    func run(_ invocation: Invocation) async throws -> ExitCode { .ok }
  }

  private let tree = CommandTree(
    name: "payops", summary: "test", verbs: [Sample(), Outer(), Mixed(), Front()])
  private let console = Console(environment: [:], arguments: [])

  private func parse(_ arguments: String...) throws -> Invocation {
    guard case .run(_, let invocation) = try tree.parse(arguments, console: console) else {
      throw Fault(.internalError, "not a run")
    }
    return invocation
  }

  private func failure(_ arguments: String...) -> Fault? {
    do throws(Fault) {
      _ = try tree.parse(arguments, console: console)
      return nil
    } catch { return error }
  }

  @Test("the parser reads a value from the next argument or after an equals sign")
  func values() throws {
    let line = try parse("sample", "x", "--rate", "120k", "--since=2026-02-28T23:59Z", "--dry-run")
    #expect(line[Sample.rate] == 120_000)
    #expect(line[Sample.since]?.description == "2026-02-28 23:59:00")
    #expect(line[Sample.dry])
    #expect(line[Sample.kind] == nil)
    #expect(try parse("sample", "x", "--tag=a=b")[Sample.tag] == "a=b")
    #expect(try parse("sample", "x", "--tag=")[Sample.tag] == "")
  }

  @Test("the parser keeps every value of a repeatable option and the last one of any other")
  func repeated() throws {
    let line = try parse("sample", "x", "-t", "a", "--tag", "b", "-t=c", "--rate=1", "--rate=2")
    #expect(line.all(Sample.tag) == ["a", "b", "c"])
    #expect(line[Sample.rate] == 2)
  }

  @Test("a double dash ends the options, and a lone dash is an argument")
  func places() throws {
    let line = try parse("sample", "-", "--dry-run", "b", "--", "--rate", "-t")
    #expect(line[Sample.first] == "-")
    #expect(line.all(Sample.others) == ["b", "--rate", "-t"])
    #expect(line[Sample.rate] == nil)
  }

  @Test("shared options may precede the verb")
  func globalFirst() throws {
    let line = try parse("--host=db", "--json", "sample", "x")
    #expect(line[GlobalOptions.host] == "db")
    #expect(line[GlobalOptions.json])
  }

  @Test("the parser finds sub-verbs")
  func subverbs() throws {
    #expect(try parse("outer", "stop").path == ["payops", "outer", "stop"])
    #expect(failure("outer", "stpo")?.hint == "did you mean stop?")
  }

  @Test("an invalid command line is a usage failure that names the nearest word")
  func mistakes() {
    let cases: [([String], String, String?)] = [
      (["sampel"], "`payops` has no verb 'sampel'", "did you mean sample?"),
      (["sample", "x", "--rat", "1"], "unknown option --rat", "did you mean --rate?"),
      (
        ["sample", "x", "--password=hunter2"],
        "payops takes no password as an argument, which other users could read",
        "write password=… below [client] into a file with mode 0600 and name it with"
          + " --defaults-file"
      ),
      (
        ["sample", "-phunter2", "x"],
        "payops takes no password as an argument, which other users could read",
        "write password=… below [client] into a file with mode 0600 and name it with"
          + " --defaults-file"
      ),
      (["sample", "x", "--dryrun"], "unknown option --dryrun", "did you mean --dry-run?"),
      (["sample", "x", "--zzzzzz=1"], "unknown option --zzzzzz", "see `payops sample --help`"),
      (
        ["sample", "x", "--kind=jsno"], "option --kind: 'jsno' is not one of table, json",
        "did you mean json?"
      ),
      (["sample", "x", "--rate"], "option --rate needs a value", "write --rate N"),
      (["sample", "x", "--rate", "--dry-run"], "option --rate needs a value", "write --rate N"),
      (
        ["sample", "x", "--rate=1.5"],
        "option --rate: '1.5' is not a count such as 500, 120k or 10M", nil
      ),
      (["sample", "x", "--dry-run=yes"], "option --dry-run takes no value", nil),
      (["sample"], "argument FIRST is missing", "see `payops sample --help`"),
      (["outer", "start", "x"], "unexpected argument 'x'", "see `payops outer start --help`"),
      (
        ["outer", "start", "--host=db"],
        "option --host does not apply to `payops outer start`", nil
      ),
      (
        ["--host=db", "outer", "start"],
        "option --host does not apply to `payops outer start`", nil
      ),
    ]
    for (arguments, message, hint) in cases {
      do throws(Fault) {
        _ = try tree.parse(arguments, console: console)
        Issue.record("\(arguments) was accepted")
      } catch {
        #expect(error == Fault.usage(message, hint: hint), "\(arguments)")
      }
    }
  }

  @Test("the options of a verb are not those of its sub-verbs, before and behind them")
  func ownOptions() throws {
    #expect(try parse("mixed", "--span", "x")[Mixed.span] == "x")
    #expect(failure("mixed", "start", "--span", "x")?.message == "unknown option --span")
    #expect(
      failure("mixed", "--span", "x", "start")?.message
        == "option --span does not apply to `payops mixed start`")
    let inner = tree.options(of: [Mixed(), Inner(name: "start")])
    #expect(!inner.contains { $0.name == "span" })
  }

  @Test("a verb that becomes another program hands on what it does not know, but no password")
  func handedOn() throws {
    let line = try parse("front", "-N", "--data-dir", "d", "-e", "SELECT 1", "--", "--quiet")
    #expect(line.all(Front.words) == ["-N", "-e", "SELECT 1", "--quiet"])
    #expect(line[GlobalOptions.dataDir] == "d")
    for word in ["-psecret", "--password=secret", "--passwd"] {
      #expect(failure("front", word)?.hint?.contains("--defaults-file") == true, "\(word)")
    }
  }

  @Test("--help works anywhere on the line, even beside invalid arguments")
  func help() throws {
    for arguments in [["sample", "--help"], ["--help", "sample"], ["sample", "-h", "x", "y"]] {
      guard case .help(let path) = try tree.parse(arguments, console: console) else {
        Issue.record("\(arguments) gave no help")
        continue
      }
      #expect(path.map(\.name) == ["sample"])
    }
  }

  @Test("a verb that only has sub-verbs is a usage error by itself")
  func bareOuter() async throws {
    guard case .run(let verb, let line) = try tree.parse(["outer"], console: console) else {
      Issue.record("not a run")
      return
    }
    await #expect(throws: Fault.self) { try await verb.run(line) }
  }

  @Test("the nearest word is suggested only when it is near")
  func nearest() {
    #expect(nearestWord(to: "defualts-file", among: ["defaults-file", "host"]) == "defaults-file")
    #expect(nearestWord(to: "x", among: ["host", "q"]) == nil)
    #expect(nearestWord(to: "completely", among: ["host", "port"]) == nil)
    #expect(nearestWord(to: "", among: ["host"]) == nil)
    #expect(nearestWord(to: "tcsh", among: ["bash", "zsh", "fish"]) == nil)
    #expect(nearestWord(to: "dash", among: ["bash", "zsh", "fish"]) == "bash")
    #expect(nearestWord(to: "hlth", among: ["health"]) == "health")
    #expect(editDistance(Array("ca"), Array("ac")) == 1)
    #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
  }
}
