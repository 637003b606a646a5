package cli

import (
	"github.com/spf13/cobra"
)

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell",
		Long:  "Print the completion script of a shell: " + listed(shells) + ".",
		Example: "  opsdeck completion bash > ~/.local/share/bash-completion/completions/opsdeck\n" +
			"  opsdeck completion zsh > ~/.zfunc/_opsdeck\n  opsdeck completion fish > ~/.config/fish/completions/opsdeck.fish",
		Args:      args(1, 1),
		ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.out)
			}
			return usagef("there is no completion for %q%s", args[0], didYouMean(args[0], shells, "there is one for "+listed(shells)))
		},
	}
}
