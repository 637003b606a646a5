package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) usersCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "users",
		Short: "Say who works in the book, and what they may do",
		Long: "Say who works in the book. On a shared machine people are known by their Unix id, over the network by their public key;\n" +
			"their role says what they may see and change ('opsdeck users roles').",
		Args: args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			s, err := subjectByName("users")
			if err != nil {
				return err
			}
			return a.withBook(toRead, func(b *store.Book) error { return a.list(b, s, listing{format: format}) })
		},
	}
	format = outputFlag(c, asTable, asCSV, asJSON)
	c.AddCommand(a.userAddCommand(), a.userKeyCommand(), a.userDisableCommand(true), a.userDisableCommand(false), a.rolesCommand())
	return c
}

func (a *app) userAddCommand() *cobra.Command {
	var role, team, name string
	uid := -1
	c := &cobra.Command{
		Use:   "add HANDLE --role ROLE [--uid N] [--team TEAM] [--name NAME]",
		Short: "Let somebody in, or change their role",
		Args:  args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if role == "" {
				return usagef("--role is missing; the roles are %s", strings.Join(roleNames(), ", "))
			}
			return a.changeUser(c.Context(), args[0], true, "let in", func(r *model.Record) error {
				r.Set("role", model.Pick(role))
				if uid >= 0 {
					r.Set("uid", model.Number(float64(uid)))
				}
				if team != "" {
					r.Set("team", model.Text(team))
				}
				if name != "" {
					r.Set("name", model.Text(name))
				}
				return nil
			})
		},
	}
	f := c.Flags()
	f.StringVar(&role, "role", "", "what they are: "+strings.Join(roleNames(), ", "))
	f.IntVar(&uid, "uid", -1, "their Unix `id` on the machine of the book (default: the account called HANDLE)")
	f.StringVar(&team, "team", "", "their `team`, whose customers they share")
	f.StringVar(&name, "name", "", "their full `name`")
	return c
}

func roleNames() []string {
	var out []string
	for _, r := range model.Roles() {
		out = append(out, r.Name)
	}
	return out
}

func (a *app) userKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "key HANDLE FILE",
		Short: "Add the public keys of a file, as in authorized_keys",
		Args:  args(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			raw, err := a.read(args[1])
			if err != nil {
				return err
			}
			lines, err := publicKeys(raw)
			if err != nil {
				return usagef("%s: %w", args[1], err)
			}
			return a.changeUser(c.Context(), args[0], false, "public key of", func(r *model.Record) error {
				r.Set("ssh_keys", model.Long(strings.TrimSpace(r.Get("ssh_keys").Str()+"\n"+lines)))
				return nil
			})
		},
	}
}

// publicKeys reads the keys of a file and writes them one a line, without options.
func publicKeys(raw []byte) (string, error) {
	var out []string
	for rest := raw; len(strings.TrimSpace(string(rest))) > 0; {
		key, comment, _, more, err := gossh.ParseAuthorizedKey(rest)
		if err != nil {
			return "", errors.New("this is no public key such as ssh-keygen writes into a file that ends in .pub")
		}
		line := strings.TrimSpace(string(gossh.MarshalAuthorizedKey(key)))
		out = append(out, strings.TrimSpace(line+" "+comment))
		rest = more
	}
	if len(out) == 0 {
		return "", errors.New("the file is empty")
	}
	return strings.Join(out, "\n"), nil
}

func (a *app) userDisableCommand(off bool) *cobra.Command {
	use, short := "disable", "Keep somebody out from now on; what they did stays"
	if !off {
		use, short = "enable", "Let somebody in again"
	}
	return &cobra.Command{
		Use:   use + " HANDLE",
		Short: short,
		Args:  args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeUser(c.Context(), args[0], false, use, func(r *model.Record) error {
				r.Set("disabled", model.Bool(off))
				return nil
			})
		},
	}
}

// changeUser changes a user record as one step; made says whether it may be a new one.
func (a *app) changeUser(ctx context.Context, handle string, made bool, what string, change func(*model.Record) error) error {
	return a.withBook(toCreate, func(b *store.Book) error {
		was, err := userNamed(b, handle)
		if err != nil {
			return err
		}
		var op model.Op
		var is *model.Record
		switch {
		case was != nil:
			is = was.Clone()
		case made:
			is = model.NewRecord(model.User, b.NewID())
			is.Set("handle", model.Text(handle))
		default:
			return notFoundf("%s is no user of this book; 'opsdeck users add %s --role ROLE' lets them in", handle, handle)
		}
		if err := change(is); err != nil {
			return err
		}
		if was == nil {
			op = model.CreateOp(is)
		} else {
			var changed bool
			if op, changed = model.UpdateOp(was, is); !changed {
				a.say("%s: nothing to change", handle)
				return nil
			}
		}
		done, err := b.Do(ctx, a.step(b, what+" "+handle, []model.Op{op}))
		if err == nil {
			a.say("%s", done.Label)
		}
		return err
	})
}

func userNamed(b *store.Book, handle string) (*model.Record, error) {
	var found *model.Record
	err := b.Each(model.User, func(r *model.Record) bool {
		if r.Get("handle").Str() == handle {
			found = r
		}
		return found == nil
	})
	return found, err
}

func (a *app) rolesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "roles",
		Short: "Say what each role may do",
		Args:  args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			a.printf("%s", rolesTable())
			return nil
		},
	}
}

// rolesTable writes the table of roles as Markdown.
func rolesTable() string {
	var b strings.Builder
	b.WriteString("| role |")
	for _, area := range model.Areas() {
		fmt.Fprintf(&b, " %s |", area)
	}
	b.WriteString(" sees | may also |\n|---|" + strings.Repeat("---|", len(model.Areas())+2) + "\n")
	for _, r := range model.Roles() {
		fmt.Fprintf(&b, "| %s |", r.Name)
		for _, area := range model.Areas() {
			g := r.Grants[area]
			fmt.Fprintf(&b, " %s %s %s |", g.Add, g.Edit, g.Remove)
		}
		sees := "everything"
		switch {
		case !r.Money && !r.Personal:
			sees = "no amounts, no mail and phone"
		case !r.Money:
			sees = "no amounts"
		case !r.Personal:
			sees = "no mail and phone"
		}
		var powers []string
		for _, p := range r.Powers {
			powers = append(powers, string(p))
		}
		fmt.Fprintf(&b, " %s | %s |\n", sees, strings.Join(powers, ", "))
	}
	return b.String()
}
