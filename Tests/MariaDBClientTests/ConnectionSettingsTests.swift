import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Connection settings")
struct ConnectionSettingsTests {
  private func write(
    _ text: String, mode: Int = 0o600, name: String = "my.cnf", in folder: URL? = nil
  )
    throws -> String
  {
    let folder = try folder ?? TemporaryDirectory.make("options")
    let path = folder.appending(path: name).path(percentEncoded: false)
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private func options(_ text: String) throws -> ConnectionOptions {
    try ConnectionSettings.resolve(optionFiles: [try write(text)]).options
  }

  @Test("later layers of settings override earlier ones, and each value names its source")
  func layers() throws {
    let file = try write("[client]\nhost=file\nuser=file\nport=1\ndatabase=file\nssl-ca=/ca.pem\n")
    let settings = try ConnectionSettings.resolve(
      flags: [.host: "flag"], url: "mariadb://url@url:4/url",
      environment: ["PAYOPS_HOST": "variable", "PAYOPS_TLS": "verify-ca", "PAYOPS_DATABASE": "v"],
      optionFiles: [file])
    #expect(settings.options.host == "flag")
    #expect(settings.options.user == "url")
    #expect(settings.options.port == 4)
    #expect(settings.options.tls == .verifyCA)
    #expect(
      settings.entries.map { "\($0.key)=\($0.value) \($0.source)" } == [
        "host=flag --host", "port=4 URL argument", "user=url URL argument",
        "database=url URL argument", "tls=verify-ca PAYOPS_TLS",
        "tls-ca=/ca.pem \(file) [client]", "connect-timeout=10 default",
      ])
  }

  @Test("without any layer the defaults apply")
  func defaults() throws {
    let settings = try ConnectionSettings.resolve(optionFiles: [])
    #expect(settings.options == ConnectionOptions())
  }

  @Test("a later host replaces an earlier socket, and vice versa")
  func hostAndSocket() throws {
    let file = try write("[client-server]\nsocket=/run/a.sock\n")
    let remote = try ConnectionSettings.resolve(flags: [.host: "db"], optionFiles: [file])
    #expect(remote.options.socket == nil)
    #expect(remote.options.usesTCP)
    let local = try ConnectionSettings.resolve(
      flags: [.socket: "/b.sock"], environment: ["PAYOPS_HOST": "db"], optionFiles: [file])
    #expect(local.options.host == nil)
    #expect(!local.options.usesTCP)
    #expect(local.options.endpoint == "/b.sock")
  }

  @Test(
    "quotes, escapes and comments are removed from values",
    arguments: [
      ("password=plain", "plain"), ("password = \"a b#c\" # comment", "a b#c"),
      ("password='it\\'s'", "it's"), ("password=a\\sb\\\\c\\tx", "a b\\c\tx"),
      ("password=abc # comment", "abc"), ("password=\"\"", ""), ("PASSWORD=up", "up"),
      ("password=a=b=c", "a=b=c"), ("password=é€😀", "é€😀"), ("password=\\q", "\\q"),
      ("password=first\npassword=second", "second"), ("password=crlf\r", "crlf"),
      ("loose-password=x", "x"),
    ])
  func values(_ line: String, _ expected: String) throws {
    let password = try options("# a comment\n; another\n\n[client]\n\(line)\n").password
    #expect(password?.reveal == expected)
  }

  @Test("only client groups are read, and underscores equal hyphens")
  func groups() throws {
    let options = try options(
      "[mysqld]\nport=1\nuser=x\n[mysql]\nuser=y\n[client-mariadb]\nconnect_timeout=7\nssl_ca=/a\n")
    #expect(options.port == nil)
    #expect(options.user == nil)
    #expect(options.connectTimeoutSeconds == 7)
    #expect(options.tlsCA == "/a")
  }

  @Test("included files apply where they are included, folders in the order of names")
  func includes() throws {
    let folder = try TemporaryDirectory.make("include")
    let parts = folder.appending(path: "parts d")
    try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
    _ = try write("[client]\nuser=one\nport=1\n", name: "1.cnf", in: parts)
    _ = try write("[client]\nuser=two\n", name: "2.cnf", in: parts)
    _ = try write("[client]\nuser=ignored\n", name: "3.txt", in: parts)
    let single = try write("[payops]\ndatabase=inc\n", name: "single", in: folder)
    let main = try write(
      "[client]\nuser=before\nhost=h\n!includedir parts d\n!include \(single)\n[client]\nport=2\n",
      in: folder)
    let options = try ConnectionSettings.resolve(optionFiles: [main]).options
    #expect(options.user == "two")
    #expect(options.port == 2)
    #expect(options.database == "inc")
    #expect(options.host == "h")
  }

  @Test(
    "an option file that everybody can write is an error that names it", arguments: [0o666, 0o602])
  func worldWritable(_ mode: Int) throws {
    let path = try write("[client]\npassword=hunter2\n", mode: mode)
    let error = try #require(
      #expect(throws: SettingsError.self) {
        try ConnectionSettings.resolve(optionFiles: [path])
      })
    #expect(error.code == .unsafeFile)
    #expect(error.description.contains(path))
    #expect(error.hint == "chmod 600 \(path)")
  }

  @Test("a password file that others can read is an error that says what to type")
  func readable() throws {
    let holding = ["[client]\npassword=hunter2\n", "[payops]\nurl=mariadb://u:hunter2@h/d\n"]
    // A group is trusted when root has chosen it.
    let modes = geteuid() == 0 ? [0o644, 0o604, 0o664, 0o641] : [0o644, 0o640, 0o604, 0o660]
    for text in holding {
      for mode in modes {
        let path = try write(text, mode: mode)
        let error = try #require(
          #expect(throws: SettingsError.self) {
            try ConnectionSettings.resolve(optionFiles: [path])
          })
        #expect(error.code == .unsafeFile)
        #expect(
          error.description == "the option file \(path) holds a password and can be read by others")
        #expect(error.hint == "chmod 600 \(path)")
      }
      for mode in [0o600, 0o400] + (geteuid() == 0 ? [0o640] : []) {
        let path = try write(text, mode: mode)
        _ = try ConnectionSettings.resolve(optionFiles: [path])
      }
    }
    // Included by a file that is private.
    let folder = try TemporaryDirectory.make("included")
    _ = try write(holding[0], mode: 0o644, name: "part", in: folder)
    let main = try write("!include part\n", in: folder)
    #expect(throws: SettingsError.self) { try ConnectionSettings.resolve(optionFiles: [main]) }
    // Without a password, or with one for another program, there is nothing to hide.
    for text in ["[client]\nhost=h\npassword=\n", "[mysqldump]\npassword=hunter2\n"] {
      _ = try ConnectionSettings.resolve(optionFiles: [try write(text, mode: 0o644)])
    }
  }

  @Test("an unknown key of [payops] is an error; other groups belong to other programs, too")
  func unknownKeys() throws {
    let path = try write("[payops]\nhots=db\n")
    let error = try #require(
      #expect(throws: SettingsError.self) {
        try ConnectionSettings.resolve(optionFiles: [path])
      })
    #expect(error.description == "\(path) [payops]: there is no key hots")
    #expect(error.hint?.contains("host, port") == true)
    #expect(
      try options("[payops]\nloose-hots=db\nssl-verify-server-cert=0\npassword\n").host == nil)
    #expect(try options("[client]\ndefault-character-set=utf8mb4\nhost=h\n").host == "h")
  }

  @Test("a requested option file must exist; the default ones may be missing")
  func missingFile() throws {
    let error = #expect(throws: SettingsError.self) {
      try ConnectionSettings.resolve(optionFiles: ["/nonexistent/my.cnf"])
    }
    #expect(error?.code == .unreadableFile)
    _ = try ConnectionSettings.resolve(environment: ["HOME": "/nonexistent"])
  }

  @Test("passwords in the environment, in a variable URL and in an argument are refused")
  func exposedPasswords() throws {
    let attempts: [(String?, [String: String])] = [
      (nil, ["PAYOPS_PASSWORD": "hunter2"]), (nil, ["PAYOPS_URL": "mariadb://u:hunter2@h/d"]),
      ("mariadb://u:hunter2@h/d", [:]), ("mariadb://u:@h/d", [:]),
    ]
    for (url, environment) in attempts {
      let error = try #require(
        #expect(throws: SettingsError.self) {
          try ConnectionSettings.resolve(url: url, environment: environment, optionFiles: [])
        })
      #expect(error.code == .passwordExposed)
      #expect(!error.description.contains("hunter2"))
      #expect(error.hint?.contains("option file") == true)
    }
  }

  @Test("a URL in an option file may hold a password, which stays hidden")
  func urlInFile() throws {
    let path = try write("[payops]\nurl=mariadb://me:p%40ss%3A@h:3307/db\n")
    let settings = try ConnectionSettings.resolve(optionFiles: [path])
    #expect(settings.options.password?.reveal == "p@ss:")
    #expect(settings.entries.first { $0.key == "password" }?.value == "***")
    #expect(settings.options.host == "h")
  }

  @Test("URLs are decoded, and IPv6 hosts are in brackets")
  func urls() throws {
    func resolve(_ url: String) throws -> ConnectionOptions {
      try ConnectionSettings.resolve(url: url, optionFiles: []).options
    }
    let six = try resolve("mariadb://a%40b@[::1]:3307/my%20db?tls=required&tls-ca=%2Fca.pem")
    #expect(six.user == "a@b")
    #expect(six.host == "::1")
    #expect(six.port == 3307)
    #expect(six.database == "my db")
    #expect(six.tls == .required)
    #expect(six.tlsCA == "/ca.pem")
    #expect(six.endpoint == "[::1]:3307")
    let bare = try resolve("MariaDB://db.example")
    #expect(bare.host == "db.example")
    #expect(bare.database == nil)
    #expect(try resolve("mysql:///db?socket=/s.sock").socket == "/s.sock")
  }

  @Test(
    "an invalid URL is refused",
    arguments: [
      "postgres://h", "mariadb:/h", "mariadb://h:0", "mariadb://h:99999", "mariadb://h:x",
      "mariadb://[::1", "mariadb://[::1]x", "mariadb://::1/db", "mariadb://h/a/b",
      "mariadb://h/%zz", "mariadb://h/db#x", "mariadb://h?tls", "mariadb://h?password=x",
      "mariadb://h/%00", "", "mariadb://h?colour=red",
    ])
  func brokenURLs(_ url: String) {
    let error = #expect(throws: SettingsError.self) {
      try ConnectionSettings.resolve(url: url, optionFiles: [])
    }
    #expect(error?.code == .malformedURL)
  }

  @Test(
    "a value out of range is refused with its source",
    arguments: [
      "[client]\nport=0", "[client]\nport=x", "[payops]\ntls=maybe", "[client]\nconnect-timeout=-1",
    ])
  func ranges(_ text: String) throws {
    let path = try write(text)
    let error = #expect(throws: SettingsError.self) {
      try ConnectionSettings.resolve(optionFiles: [path])
    }
    #expect(error?.code == .invalidValue)
    #expect(error?.description.contains(path) == true)
  }

  @Test(
    "a broken line is refused with file and line",
    arguments: ["[client\n", "[client]\npassword='open\n", "[client]\n=x\n", "!incl /x\n"])
  func brokenLines(_ text: String) throws {
    let error = #expect(throws: SettingsError.self) { try options(text) }
    #expect(error?.code == .malformedFile)
    #expect(error?.description.contains(" line ") == true)
  }

  @Test("files that include each other are refused")
  func circle() throws {
    let folder = try TemporaryDirectory.make("circle")
    let path = try write("!include my.cnf\n", in: folder)
    let error = #expect(throws: SettingsError.self) {
      try ConnectionSettings.resolve(optionFiles: [path])
    }
    #expect(error?.code == .malformedFile)
  }
}
