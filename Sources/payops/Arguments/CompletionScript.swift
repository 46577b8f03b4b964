/// Completion scripts for shells, made from the declarations of the verbs.
struct CompletionScript: Sendable {
  /// The verbs.
  let tree: CommandTree

  /// A verb with the words that lead to it; the program itself has none.
  private struct Node {
    let path: [any Verb]
    var words: String { path.map(\.name).joined(separator: " ") }
  }

  private var nodes: [Node] {
    func below(_ path: [any Verb]) -> [Node] {
      [Node(path: path)]
        + (path.last?.subverbs ?? tree.verbs).flatMap { below(path + [$0]) }
    }
    return below([])
  }

  private func verbs(after node: Node) -> [any Verb] {
    node.path.isEmpty ? tree.verbs : node.path.last?.subverbs ?? []
  }

  // MARK: bash

  /// The script for bash.
  var bash: String {
    var text = """
      # bash completion for payops; made by `payops completions bash`
      _payops() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local path="" word words="" i
        [[ $previous == "=" ]] && previous=${COMP_WORDS[COMP_CWORD-2]}
        [[ $current == "=" ]] && current=""
        for ((i = 1; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          case "$path $word" in

      """
    for node in nodes where !node.path.isEmpty {
      let parent = node.path.dropLast().map { " " + $0.name }.joined()
      text += "      \"\(parent) \(node.path[node.path.count - 1].name)\") "
      text += "path=\"\(parent) \(node.path[node.path.count - 1].name)\" ;;\n"
    }
    text += """
          esac
        done
        case "$previous" in

      """
    for option in allOptions where option.placeholder != nil {
      let names = bashNames(option)
      if !option.choices.isEmpty {
        text += "    \(names)) words=\"\(option.choices.joined(separator: " "))\" ;;\n"
      } else {
        switch option.completion {
        case .file: text += "    \(names)) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
        case .directory:
          text += "    \(names)) COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n"
        case .nothing: text += "    \(names)) return ;;\n"
        }
      }
    }
    text += """
        esac
        if [[ -z $words ]]; then
          case "$path" in

      """
    for node in nodes {
      let path = node.path.map { " " + $0.name }.joined()
      let words =
        verbs(after: node).map(\.name) + places(of: node).flatMap(\.choices)
        + tree.options(of: node.path).map { "--" + $0.name }
      text += "      \"\(path)\") words=\"\(words.joined(separator: " "))\" ;;\n"
    }
    text += """
          esac
          case "$path" in

      """
    for node in nodes where places(of: node).contains(where: { $0.completion == .file }) {
      let path = node.path.map { " " + $0.name }.joined()
      text +=
        "      \"\(path)\") [[ $current == -* ]] || COMPREPLY=($(compgen -f -- \"$current\")) ;;\n"
    }
    text += """
          esac
        fi
        COMPREPLY+=($(compgen -W "$words" -- "$current"))
      }
      complete -o filenames -F _payops payops

      """
    return text
  }

  private func bashNames(_ option: OptionDeclaration) -> String {
    (["--" + option.name] + (option.short.map { ["-\($0)"] } ?? [])).joined(separator: "|")
  }

  private var allOptions: [OptionDeclaration] {
    var seen: Set<String> = []
    return nodes.flatMap { tree.options(of: $0.path) }.filter { seen.insert($0.name).inserted }
  }

  private func places(of node: Node) -> [Positional] { node.path.last?.positionals ?? [] }

  // MARK: zsh

  /// The script for zsh.
  var zsh: String {
    var text = """
      #compdef payops
      # zsh completion for payops; made by `payops completions zsh`


      """
    for node in nodes {
      let function = zshFunction(node)
      let verbs = verbs(after: node)
      text += "\(function)() {\n"
      if !verbs.isEmpty {
        text += "  local line state\n  local -a verbs=(\n"
        for verb in verbs { text += "    \(zshQuoted("\(verb.name):\(verb.summary)"))\n" }
        text += "  )\n"
      }
      text += "  _arguments -s -S \\\n"
      for option in tree.options(of: node.path) {
        for label in ["--" + option.name] + (option.short.map { ["-\($0)"] } ?? []) {
          text += "    \(zshQuoted(zshOption(option, label: label))) \\\n"
        }
      }
      for place in places(of: node) {
        let position = place.arity == .repeated ? "*" : place.arity == .optional ? ":" : ""
        text +=
          "    \(zshQuoted("\(position):\(place.name):\(zshAction(place.choices, place.completion))")) \\\n"
      }
      text += verbs.isEmpty ? "    && return\n" : "    '1: :->verb' '*:: :->rest' && return\n"
      if !verbs.isEmpty {
        text += "  case $state in\n    verb) _describe verb verbs ;;\n    rest)\n"
        text += "      case $line[1] in\n"
        for verb in verbs {
          text += "        \(verb.name)) \(zshFunction(Node(path: node.path + [verb]))) ;;\n"
        }
        text += "      esac ;;\n  esac\n"
      }
      text += "}\n\n"
    }
    return text + "_payops \"$@\"\n"
  }

  private func zshFunction(_ node: Node) -> String {
    "_payops" + node.path.map { "_" + $0.name }.joined()
  }

  private func zshOption(_ option: OptionDeclaration, label: String) -> String {
    let help = option.help.replacing("[", with: "(").replacing("]", with: ")")
      .replacing(":", with: "\\:")
    let repeats = option.isRepeatable ? "*" : ""
    guard let placeholder = option.placeholder else { return "\(repeats)\(label)[\(help)]" }
    let sign = label.hasPrefix("--") ? "=" : "+"
    let action = zshAction(option.choices, option.completion)
    return "\(repeats)\(label)\(sign)[\(help)]:\(placeholder):\(action)"
  }

  private func zshAction(_ choices: [String], _ completion: ValueCompletion) -> String {
    guard choices.isEmpty else { return "(" + choices.joined(separator: " ") + ")" }
    return switch completion {
    case .nothing: " "
    case .file: "_files"
    case .directory: "_files -/"
    }
  }

  private func zshQuoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }

  // MARK: fish

  /// The script for fish.
  var fish: String {
    var text = """
      # fish completion for payops; made by `payops completions fish`
      function __payops_at
        set -l path
        for word in (commandline -opc)[2..-1]
          switch "$path $word"
            case \(nodes.filter { !$0.path.isEmpty }.map { fishQuoted(($0.path.count == 1 ? " " : "") + $0.words) }.joined(separator: " "))
              set path (string trim -- "$path $word")
          end
        end
        test "$path" = "$argv"
      end
      complete -c payops -f

      """
    for node in nodes {
      let condition = "complete -c payops -n \(fishQuoted("__payops_at \(node.words)"))"
      for verb in verbs(after: node) {
        text += "\(condition) -a \(verb.name) -d \(fishQuoted(verb.summary))\n"
      }
      for place in places(of: node) {
        if !place.choices.isEmpty {
          text += "\(condition) -a \(fishQuoted(place.choices.joined(separator: " ")))\n"
        } else if case .file = place.completion {
          text += "\(condition) -F\n"
        }
      }
      for option in tree.options(of: node.path) {
        text += "\(condition) -l \(option.name)"
        if let short = option.short { text += " -s \(short)" }
        if !option.choices.isEmpty {
          text += " -x -a \(fishQuoted(option.choices.joined(separator: " ")))"
        } else if option.placeholder != nil {
          switch option.completion {
          case .file: text += " -r -F"
          case .directory: text += " -x -a '(__fish_complete_directories)'"
          case .nothing: text += " -x"
          }
        }
        text += " -d \(fishQuoted(option.help))\n"
      }
    }
    return text
  }

  private func fishQuoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
